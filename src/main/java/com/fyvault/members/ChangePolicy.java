package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.PasswordAlone;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.CidrSet;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Policy;
import com.fyvault.tokens.TokenKind;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the organization asks of every token of its own. A change is in force when it is answered, like a lock: it raises the
 * epoch of the whole organization. It cannot be one that refuses the very request that makes it.
 *
 * <p>A second factor is asked of people when they log in or make a key. So whoever asks for one ends, in the same
 * transaction, what people without one have by their logins: from there on every login that is in has a factor behind it.
 */
final class ChangePolicy {
    private static final int MOST_DAYS = 3_650;
    private static final int LONGEST_CIDR = 64;

    private final PolicyStore store;
    private final PasswordAlone alone;
    private final Withdrawals withdrawals;
    private final Clock clock;

    ChangePolicy(PolicyStore store, PasswordAlone alone, Withdrawals withdrawals, Clock clock) {
        this.store = store;
        this.alone = alone;
        this.withdrawals = withdrawals;
        this.clock = clock;
    }

    /** As the caller's own token is held to it, which the commit of the record has found to be the truth. */
    Future<Answer> view(Call call) {
        return Future.succeededFuture(Answer.ok(PolicyView.of(call.decision().policy())));
    }

    /** What is left out stays; 0 days and an empty list take a limit away. */
    Future<Answer> change(Call call, Transaction transaction) {
        Authorisation.check(call);
        Fields body = call.body();
        body.refuseAllBut(Set.of("maxKeyDays", "requireSecondFactor", "cidrs"));
        Policy before = call.decision().policy();
        @Nullable Long days = body.optionalNumber("maxKeyDays", 0, MOST_DAYS);
        @Nullable Boolean factor = body.optionalFlag("requireSecondFactor");
        @Nullable List<String> cidrs = body.optionalTexts("cidrs", CidrSet.MOST, LONGEST_CIDR);
        Policy after = new Policy(
                days == null ? before.keyDays() : days.intValue(),
                factor == null ? before.secondFactor() : factor,
                cidrs == null
                        ? before.cidrs()
                        : cidrs.stream().map(CidrSet::canonical).distinct().toList());
        checkCaller(call, after);
        PolicyView.note(call.record(), after);
        boolean asks = Boolean.TRUE.equals(factor);
        return checkFactor(call, transaction, asks)
                .compose(may -> store.set(transaction, call.orgId(), after))
                .compose(epoch -> {
                    long raised = Objects.requireNonNull(epoch);
                    call.afterCommit(() -> withdrawals.settle(call.decision().org(), call.orgId(), raised));
                    return asks ? ended(call, transaction, after) : Future.succeededFuture(PolicyView.of(after));
                })
                .map(Answer::ok);
    }

    private Future<JsonObject> ended(Call call, Transaction transaction, Policy after) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return alone.end(transaction, call.orgId(), call.caller().actor(), now).map(revoked -> {
            call.record().detail("revoked", revoked);
            return PolicyView.of(after).put("revoked", revoked);
        });
    }

    /** Who came in by a password alone would be out by this. */
    private Future<Void> checkFactor(Call call, Transaction transaction, boolean asks) {
        List<Credential> chain = call.decision().chain();
        Credential root = chain.get(chain.size() - 1);
        @Nullable UUID owner = root.ownerUserId();
        if (!asks || root.kind() == TokenKind.API_KEY || owner == null) {
            return Future.succeededFuture();
        }
        return alone.isAll(transaction, owner).map(without -> {
            if (without) {
                throw Refusal.of(ErrorCode.SECOND_FACTOR_REQUIRED);
            }
            return null;
        });
    }

    private void checkCaller(Call call, Policy after) {
        if (!after.cidrs().isEmpty()
                && !CidrSet.compile(after.cidrs()).allows(call.caller().address())) {
            throw Fields.invalid("cidrs", "does not hold the address that this request comes from");
        }
        Instant now = clock.instant();
        for (Credential link : call.decision().chain()) {
            boolean ends = after.keyDays() > 0
                    && !Uuid7.time(link.id())
                            .plus(Duration.ofDays(after.keyDays()))
                            .isAfter(now);
            if (ends) {
                throw Fields.invalid("maxKeyDays", "would end the token that this request is made with");
            }
        }
    }
}
