package com.fyvault.federation;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.audit.Verdict;
import com.fyvault.credentials.KeyStore;
import com.fyvault.crypto.Uuid7;
import com.fyvault.federation.NotAccepted.Reason;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.OutcomeUnknown;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives a session token for an identity token that a rule accepts. From there on it is as if the rule had minted it: its
 * decision is compiled like that of any token, confirmed under the organization's row, and recorded in the transaction
 * that stores the session. Authority that moves on the way sends the exchange round again, from the look-up of the rules.
 */
final class ExchangeIdentity {
    private static final int MOST_ATTEMPTS = 4;
    private static final int LONGEST_LABEL = 200;

    private final TrustRuleStore rules;
    private final VerifyIdentity verify;
    private final Authority authority;
    private final Storing storing;
    private final Drawing drawing;

    /** Where the session goes, with its record. */
    record Storing(Database database, KeyStore keys, AuditLog audit, int mostSessions) {}

    /** What new rows are made with. */
    record Drawing(Uuid7 ids, SecureRandom random) {}

    /**
     * One request.
     *
     * @param id which is also the id of its audit record
     */
    record Asked(UUID id, UUID orgId, IdentityToken token, ClientAddress address) {}

    /** A stored session and its token, which is shown once. */
    record Made(TrustRule rule, Credential session, MintedToken token) {}

    private record Chosen(TrustRule rule, Decision decision, long epoch) {}

    /** The rule that was read is not the rule that is. */
    private static final class RuleMoved extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RuleMoved() {
            super("moved", null, false, false);
        }
    }

    ExchangeIdentity(
            TrustRuleStore rules, VerifyIdentity verify, Authority authority, Storing storing, Drawing drawing) {
        this.rules = rules;
        this.verify = verify;
        this.authority = authority;
        this.storing = storing;
        this.drawing = drawing;
    }

    /** The session; fails with {@link NotAccepted} for whatever the caller may not be told apart. */
    Future<Made> exchange(Asked asked) {
        return attempt(asked, 1);
    }

    private Future<Made> attempt(Asked asked, int attempt) {
        return rules.candidates(asked.orgId(), asked.token().unverifiedIssuer())
                .compose(candidates -> {
                    if (!candidates.known()) {
                        throw new NotAccepted(Reason.ORGANIZATION_UNKNOWN);
                    }
                    return verify.verify(asked.token(), candidates);
                })
                .compose(accepting -> choose(asked, accepting, 0))
                .compose(chosen -> stored(asked, chosen))
                .recover(failure -> {
                    if (!(failure instanceof RuleMoved)) {
                        return Future.failedFuture(failure);
                    }
                    return attempt >= MOST_ATTEMPTS
                            ? Future.failedFuture(Refusal.of(ErrorCode.UNSETTLED))
                            : attempt(asked, attempt + 1);
                });
    }

    /** The first of the rules that can still give something, here. */
    private Future<Chosen> choose(Asked asked, List<TrustRule> accepting, int at) {
        TrustRule rule = accepting.get(at);
        return authority
                .decide(rule.credential().hash())
                .recover(failure -> Future.failedFuture(isUnknown(failure) ? new RuleMoved() : failure))
                .compose(decision -> {
                    boolean dead =
                            decision.refusal() != null || decision.scopes().isEmpty();
                    @Nullable Reason reason = dead ? Reason.RULE_ENDED : null;
                    if (reason == null && !decision.allowsAddress(asked.address())) {
                        reason = Reason.ADDRESS;
                    }
                    if (reason == null) {
                        long epoch = authority.epochOf(rule.credential().hash(), decision);
                        return Future.succeededFuture(new Chosen(rule, decision, epoch));
                    }
                    return at + 1 < accepting.size()
                            ? choose(asked, accepting, at + 1)
                            : Future.failedFuture(
                                    new NotAccepted(reason, asked.token().unverifiedSubject()));
                });
    }

    private Future<Made> stored(Asked asked, Chosen chosen) {
        AuditRecord record = new AuditRecord(asked.id(), AuditAction.IDENTITY_EXCHANGE)
                .decidedBy(chosen.decision(), chosen.epoch())
                .from(asked.address());
        return storing.database()
                .inTransaction(
                        chosen.decision().orgId(),
                        transaction -> storing.audit()
                                .confirm(transaction, record, false)
                                .compose(verdict -> {
                                    if (verdict != Verdict.GOOD) {
                                        throw verdict == Verdict.EXPIRED
                                                ? new NotAccepted(
                                                        Reason.RULE_ENDED,
                                                        asked.token().unverifiedSubject())
                                                : new RuleMoved();
                                    }
                                    return session(transaction, asked, chosen, record);
                                }))
                .recover(failure -> {
                    if (failure instanceof RuleMoved) {
                        return authority
                                .refresh(chosen.decision().org())
                                .compose(fresh -> Future.failedFuture(failure));
                    }
                    return Future.failedFuture(
                            failure instanceof OutcomeUnknown ? Refusal.of(ErrorCode.OUTCOME_UNKNOWN) : failure);
                })
                .map(made -> {
                    authority.issued(made.token().hash());
                    return made;
                });
    }

    private Future<Made> session(Transaction transaction, Asked asked, Chosen chosen, AuditRecord record) {
        TrustRule rule = chosen.rule();
        return used(transaction, asked, rule)
                .compose(fresh -> storing.keys().roomForSession(transaction, rule.credential(), storing.mostSessions()))
                .compose(room -> {
                    if (room.taken() >= storing.mostSessions()) {
                        throw Refusal.of(
                                ErrorCode.LIMIT_REACHED,
                                "A rule has at most " + storing.mostSessions() + " live session tokens");
                    }
                    MintedToken token = TokenFormat.mint(TokenKind.SESSION, drawing.random());
                    Credential child = child(asked, chosen, token, room.now());
                    record.detail("rule_id", rule.credential().id().toString())
                            .detail("token_id", child.id().toString())
                            .detail("issuer", rule.issuer())
                            .detail("subject", Shown.text(asked.token().unverifiedSubject()))
                            .detail("expires_at", String.valueOf(child.expiresAt()));
                    return storing.keys()
                            .add(transaction, child)
                            .compose(added -> storing.audit().append(transaction, record))
                            .map(new Made(rule, child, token));
                });
    }

    /** Uses the token up, when it is for one use: of two exchanges at once the second waits, and finds it used. */
    private Future<Void> used(Transaction transaction, Asked asked, TrustRule rule) {
        if (!rule.singleUse()) {
            return Future.succeededFuture();
        }
        IdentityToken token = asked.token();
        @Nullable Long expires = token.unverifiedTime("exp");
        if (token.unverifiedText("jti") == null || expires == null) {
            throw new NotAccepted(Reason.CLAIMS, token.unverifiedSubject());
        }
        return rules.use(transaction, asked.orgId(), token.identity(), Instant.ofEpochSecond(expires))
                .map(first -> {
                    if (!first) {
                        throw new NotAccepted(Reason.ALREADY_EXCHANGED, token.unverifiedSubject());
                    }
                    return null;
                });
    }

    private Credential child(Asked asked, Chosen chosen, MintedToken token, Instant now) {
        Credential rule = chosen.rule().credential();
        Instant end = now.plusSeconds(chosen.rule().ttlSeconds());
        long most = chosen.decision().expiresAtMicros();
        Instant bound = most == Long.MAX_VALUE ? Instant.MAX : Instant.EPOCH.plus(most, ChronoUnit.MICROS);
        String label = Shown.text(asked.token().unverifiedSubject());
        return new Credential(
                asked.orgId(),
                drawing.ids().next(),
                token.hash(),
                TokenKind.SESSION,
                label.length() > LONGEST_LABEL ? label.substring(0, LONGEST_LABEL) : label,
                token.lastFour(),
                chosen.decision().scopes(),
                rule.reach(),
                "{}",
                rule.ownerUserId(),
                rule.ownerTeamId(),
                rule.id(),
                rule.hash(),
                "token:" + rule.id(),
                now,
                end.isBefore(bound) ? end : bound,
                null,
                null);
    }

    private static boolean isUnknown(Throwable failure) {
        return failure instanceof Refusal refused && refused.code() == ErrorCode.TOKEN_INVALID;
    }
}
