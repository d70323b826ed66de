package com.fyvault.federation;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.Giving;
import com.fyvault.credentials.KeyStore;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Makes, changes and ends rules. A rule is the child of the key that made it and gives no more than that has. A change of
 * what it gives cuts its sessions down at once; a change of whom it accepts, or for how long, ends them, for they may be
 * somebody's whom it accepts no more: the hash that stands for its token is drawn anew, as a roll of a key does.
 */
final class EditTrustRule {
    static final Set<TokenKind> RULES = Set.of(TokenKind.FEDERATION);

    private final Stores stores;
    private final Giving giving;
    private final Withdrawals withdrawals;
    private final Drawing drawing;
    private final Bounds bounds;

    /** Where a rule's two rows are. */
    record Stores(KeyStore keys, TrustRuleStore rules) {}

    /** What new rows are made with. */
    record Drawing(Uuid7 ids, SecureRandom random) {}

    /**
     * What a rule may be.
     *
     * @param rules that an organization may have
     * @param outward where keys may be fetched from
     */
    record Bounds(int rules, Outward outward) {}

    EditTrustRule(Stores stores, Giving giving, Withdrawals withdrawals, Drawing drawing, Bounds bounds) {
        this.stores = stores;
        this.giving = giving;
        this.withdrawals = withdrawals;
        this.drawing = drawing;
        this.bounds = bounds;
    }

    Future<Answer> create(Call call, Transaction transaction) {
        Giving.checkMaker(call);
        return call.confirmed(transaction)
                .compose(fresh -> counted(call, transaction))
                .compose(taken -> {
                    if (taken >= bounds.rules()) {
                        throw Refusal.of(
                                ErrorCode.LIMIT_REACHED,
                                "An organization has at most " + bounds.rules() + " trust rules");
                    }
                    return stores.rules()
                            .now(transaction)
                            .compose(now -> giving.fresh(call, transaction, now)
                                    .map(given -> new TrustRuleRequest(call.body(), bounds.outward())
                                            .rule(child(call, given, now), null)))
                            .compose(rule -> stores.keys()
                                    .add(transaction, rule.credential())
                                    .compose(added -> stores.rules().add(transaction, rule))
                                    .map(added -> {
                                        noted(call, rule);
                                        return Answer.created(TrustRuleView.of(rule, true));
                                    }));
                });
    }

    private Future<Long> counted(Call call, Transaction transaction) {
        return stores.rules().count(transaction, call.orgId(), bounds.rules());
    }

    Future<Answer> edit(Call call, Transaction transaction) {
        Giving.checkIssuer(call);
        // Whatever is edited: that another one is accepted cannot be told from that fewer are.
        return call.confirmed(transaction)
                .compose(fresh -> found(call, transaction))
                .compose(found -> {
                    TrustRule before = found.rule();
                    if (before.credential().revokedAt() != null) {
                        throw Refusal.of(ErrorCode.TRUST_RULE_NOT_FOUND, "The rule was revoked");
                    }
                    return stores.rules()
                            .now(transaction)
                            .compose(now -> giving.edited(call, transaction, before.credential(), now))
                            .map(credential ->
                                    new TrustRuleRequest(call.body(), bounds.outward()).rule(credential, before))
                            .compose(after -> changed(call, transaction, found, after))
                            .compose(after -> active(call, transaction, after));
                });
    }

    /** To revoke what is revoked is no change, and no error: a repeated request may not fail. */
    Future<Answer> revoke(Call call, Transaction transaction) {
        return found(call, transaction).map(Found::rule).compose(before -> {
            noted(call, before);
            Credential live = before.credential();
            if (live.revokedAt() != null) {
                call.afterCommit(() -> withdrawals.settle(
                        call.decision().org(), live.id(), call.caller().epoch()));
                return Future.succeededFuture(Answer.ok(TrustRuleView.of(before, false)));
            }
            return stores.rules()
                    .now(transaction)
                    .compose(now -> {
                        TrustRule after = before.with(live.withRevokedAt(now));
                        return authority(call, transaction, live, after).map(after);
                    })
                    .map(after -> Answer.ok(TrustRuleView.of(after, false)));
        });
    }

    private Future<TrustRule> changed(Call call, Transaction transaction, Found found, TrustRule asked) {
        noted(call, asked);
        TrustRule before = found.rule();
        if (TrustRuleRequest.sameIdentity(before, asked)) {
            return authority(call, transaction, before.credential(), asked).map(asked);
        }
        // Whom it accepts gets its authority for as long as it lives, as whoever rolls a key does.
        Giving.checkOutlives(call, found.standing());
        MintedToken nobodys = TokenFormat.mint(TokenKind.FEDERATION, drawing.random());
        TrustRule after = asked.with(asked.credential().withToken(nobodys.hash(), ""));
        return authority(call, transaction, before.credential(), after)
                .compose(done -> stores.rules().change(transaction, after))
                .map(after);
    }

    private Future<Void> authority(Call call, Transaction transaction, Credential before, TrustRule after) {
        Credential now = after.credential();
        if (sameAuthority(before, now)) {
            return stores.keys()
                    .relabel(transaction, now)
                    // The seal names the credential, and relabelling changes nothing that it covers.
                    .mapEmpty();
        }
        return stores.keys().change(transaction, now, call.caller().actor()).compose(epoch -> {
            call.afterCommit(() -> withdrawals.settle(call.decision().org(), now.id(), epoch));
            return Future.succeededFuture();
        });
    }

    private static boolean sameAuthority(Credential before, Credential after) {
        return before.hash().equals(after.hash())
                && before.scopes().equals(after.scopes())
                && before.reach().equals(after.reach())
                && Objects.equals(before.expiresAt(), after.expiresAt())
                && Objects.equals(before.revokedAt(), after.revokedAt());
    }

    private Future<Answer> active(Call call, Transaction transaction, TrustRule after) {
        return stores.keys()
                .find(transaction, call.orgId(), after.credential().id(), RULES)
                .map(found -> Answer.ok(TrustRuleView.of(after, found != null && found.active())));
    }

    private record Found(KeyStore.Standing standing, TrustRule rule) {}

    private Future<Found> found(Call call, Transaction transaction) {
        UUID id = call.id("rule", ErrorCode.TRUST_RULE_NOT_FOUND);
        return stores.keys()
                .find(transaction, call.orgId(), id, RULES)
                .map(found -> Giving.changeable(call, found, ErrorCode.TRUST_RULE_NOT_FOUND))
                .compose(standing -> stores.rules()
                        .find(transaction, standing.credential())
                        .map(rule -> {
                            if (rule == null) {
                                throw Refusal.of(ErrorCode.TRUST_RULE_NOT_FOUND);
                            }
                            return new Found(standing, rule);
                        }));
    }

    private Credential child(Call call, Giving.Given given, Instant now) {
        Credential parent = call.decision().credential();
        MintedToken nobodys = TokenFormat.mint(TokenKind.FEDERATION, drawing.random());
        return new Credential(
                call.orgId(),
                drawing.ids().next(),
                nobodys.hash(),
                TokenKind.FEDERATION,
                given.label(),
                "",
                given.scopes(),
                given.reach(),
                "{}",
                parent.ownerUserId(),
                parent.ownerTeamId(),
                Giving.parentOf(call),
                null,
                call.caller().actor(),
                now,
                given.expiresAt(),
                null,
                null);
    }

    private static void noted(Call call, TrustRule rule) {
        call.record().detail("rule_id", rule.credential().id().toString()).detail("issuer", rule.issuer());
    }
}
