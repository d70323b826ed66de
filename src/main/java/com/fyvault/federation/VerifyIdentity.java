package com.fyvault.federation;

import com.fyvault.federation.NotAccepted.Reason;
import com.fyvault.federation.TrustRuleStore.Candidates;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rule that accepts a token: its signature first, by the keys of the rules' issuer, then its times, then the
 * oldest rule whose audience and conditions it meets. Where rules of one issuer name different keys, each set is asked once.
 */
final class VerifyIdentity {
    private static final int MOST_SOURCES = 4;

    private final KeySets keys;
    private final WorkerExecutor workers;

    VerifyIdentity(KeySets keys, WorkerExecutor workers) {
        this.keys = keys;
        this.workers = workers;
    }

    /** The rules that accept the token, the oldest first and at least one; fails with {@link NotAccepted}. */
    Future<List<TrustRule>> verify(IdentityToken token, Candidates candidates) {
        if (candidates.rules().isEmpty()) {
            throw new NotAccepted(Reason.NO_RULE);
        }
        List<TrustRule> able = candidates.rules().stream()
                .filter(rule -> rule.type().takes(token.algorithm()))
                .toList();
        if (able.isEmpty()) {
            throw new NotAccepted(Reason.ALGORITHM);
        }
        List<KeySource> sources = able.stream()
                .map(TrustRule::keys)
                .distinct()
                .limit(MOST_SOURCES)
                .toList();
        return signed(token, sources, 0).map(source -> {
            List<TrustRule> trusted =
                    able.stream().filter(rule -> rule.keys().equals(source)).toList();
            return accepting(token, trusted, candidates.now().getEpochSecond());
        });
    }

    /** The first source with the key that signed the token. */
    private Future<KeySource> signed(IdentityToken token, List<KeySource> sources, int at) {
        KeySource source = sources.get(at);
        Future<KeySource> here = keys.find(source, token)
                .compose(key -> workers.executeBlocking(() -> token.isSignedBy(key), false))
                .map(good -> {
                    if (!good) {
                        throw new NotAccepted(Reason.SIGNATURE);
                    }
                    return source;
                });
        return here.recover(failure -> failure instanceof NotAccepted && at + 1 < sources.size()
                ? signed(token, sources, at + 1)
                : Future.failedFuture(failure));
    }

    private static List<TrustRule> accepting(IdentityToken token, List<TrustRule> rules, long now) {
        CheckClaims.checkTimes(token, now);
        Reason nearest = Reason.AUDIENCE;
        List<TrustRule> accepting = new java.util.ArrayList<>();
        for (TrustRule rule : rules) {
            @Nullable Reason mismatch = CheckClaims.mismatch(token, rule);
            if (mismatch == null) {
                accepting.add(rule);
            } else if (mismatch == Reason.CONDITIONS) {
                nearest = mismatch;
            }
        }
        if (accepting.isEmpty()) {
            throw new NotAccepted(nearest, token.unverifiedSubject());
        }
        return accepting;
    }
}
