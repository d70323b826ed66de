package com.fyvault.secrets;

import com.fyvault.api.Call;
import com.fyvault.environments.Names;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Decision;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Revokes what a provider has pushed: one secret in all of its environments, or all of them. What is out of the token's
 * reach stays as it is. It goes on a batch at a time, in one transaction and to an end: beyond so many the answer says
 * that there is more.
 */
public final class WithdrawSecrets {
    private static final int MOST_BATCHES = 20;

    private final WithdrawStore store;

    public WithdrawSecrets(WithdrawStore store) {
        this.store = store;
    }

    /** What was revoked of a secret: in how many environments, the last of them, and its version there. */
    public record Withdrawn(int environments, UUID environmentId, long version) {}

    /**
     * What was revoked.
     *
     * @param named the secret that was asked for; null for all
     * @param complete false when there is more to revoke
     */
    public record Done(@Nullable UUID named, Map<UUID, Withdrawn> secrets, boolean complete) {
        /** Values, one for each environment of a secret. */
        public int values() {
            return secrets.values().stream().mapToInt(Withdrawn::environments).sum();
        }
    }

    public Future<Done> withdraw(Call call, Transaction transaction, WithdrawStore.Wanted wanted) {
        return named(call, transaction, wanted)
                .compose(named -> store.hold(transaction, wanted)
                        .map(held -> reached(call.decision(), held))
                        .compose(environments -> store.raise(transaction, wanted.orgId(), environments)
                                .compose(raised -> new Batches(call, transaction, wanted, environments).run(null, 1)))
                        .map(done -> new Done(named, done.secrets(), done.complete())));
    }

    /** Of a secret that is named: there must be one. */
    private Future<@Nullable UUID> named(Call call, Transaction transaction, WithdrawStore.Wanted wanted) {
        @Nullable String key = wanted.nameKey();
        if (key == null) {
            return Future.succeededFuture();
        }
        if (!call.decision().mayAllowSecret(key)) {
            throw Refusal.of(ErrorCode.SECRET_NOT_ALLOWED);
        }
        return store.find(transaction, wanted).map(found -> {
            if (found == null || !call.decision().allowsSecret(found, key)) {
                throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
            }
            return found;
        });
    }

    private static List<UUID> reached(Decision decision, List<WithdrawStore.Held> held) {
        return held.stream()
                .filter(one -> decision.allowsProject(one.projectId()))
                .filter(one -> decision.allowsEnvironment(one.environmentId()))
                .filter(one -> decision.allowsProduction() || !one.production())
                .map(WithdrawStore.Held::environmentId)
                .toList();
    }

    /** The batches of one request. */
    private final class Batches {
        private final Call call;
        private final Transaction transaction;
        private final WithdrawStore.Wanted wanted;
        private final List<UUID> environments;
        private final Map<UUID, Withdrawn> secrets = new LinkedHashMap<>();

        Batches(Call call, Transaction transaction, WithdrawStore.Wanted wanted, List<UUID> environments) {
            this.call = call;
            this.transaction = transaction;
            this.wanted = wanted;
            this.environments = environments;
        }

        Future<Done> run(WithdrawStore.@Nullable Current after, int batch) {
            return store.next(transaction, wanted, environments, after).compose(heads -> {
                List<WithdrawStore.Current> mine =
                        heads.stream().filter(this::isReached).toList();
                boolean last = heads.size() < WithdrawStore.BATCH;
                return store.revoke(transaction, wanted.orgId(), mine).compose(done -> {
                    mine.forEach(this::note);
                    return last || batch == MOST_BATCHES
                            ? Future.succeededFuture(new Done(null, secrets, last))
                            : run(heads.get(heads.size() - 1), batch + 1);
                });
            });
        }

        private boolean isReached(WithdrawStore.Current head) {
            return call.decision().allowsSecret(head.secretId(), Names.key(head.nameKey()));
        }

        private void note(WithdrawStore.Current head) {
            int before = secrets.containsKey(head.secretId())
                    ? secrets.get(head.secretId()).environments()
                    : 0;
            Withdrawn now = new Withdrawn(before + 1, head.environmentId(), head.version());
            Withdrawn _ = secrets.merge(head.secretId(), now, (old, newer) -> newer);
        }
    }
}
