package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.CidrSet;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Policy;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the organization asks of every token of its own. A change is in force when it is answered, like a lock: it raises the
 * epoch of the whole organization. It cannot be one that refuses the very request that makes it.
 */
final class ChangePolicy {
    private static final int MOST_DAYS = 3_650;
    private static final int LONGEST_CIDR = 64;

    private final PolicyStore store;
    private final Withdrawals withdrawals;
    private final Clock clock;

    ChangePolicy(PolicyStore store, Withdrawals withdrawals, Clock clock) {
        this.store = store;
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
        return store.set(transaction, call.orgId(), after).map(epoch -> {
            long raised = Objects.requireNonNull(epoch);
            call.afterCommit(() -> withdrawals.settle(call.decision().org(), call.orgId(), raised));
            return Answer.ok(PolicyView.of(after));
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
