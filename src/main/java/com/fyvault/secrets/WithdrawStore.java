package com.fyvault.secrets;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where what a provider has pushed is revoked. */
public interface WithdrawStore {
    /** Heads that are revoked with one statement. */
    int BATCH = 1_000;

    /**
     * Whose secrets, and which.
     *
     * @param project name or id in lower case; null for the default one, and of no meaning without a name
     * @param nameKey null for all of them
     */
    record Wanted(
            UUID orgId,
            UUID providerId,
            @Nullable String project,
            @Nullable String nameKey) {}

    /** An environment that holds some of them. */
    record Held(UUID projectId, UUID environmentId, boolean production) {}

    /** A value that is current. */
    record Current(UUID environmentId, UUID secretId, String nameKey, long version, boolean clientEncrypted) {}

    /** The secret that is named, deleted ones too; null when the provider has pushed none of that name. */
    Future<@Nullable UUID> find(Transaction transaction, Wanted wanted);

    /** The environments in which some of them are not revoked yet, locked in the order of their ids. */
    Future<List<Held>> hold(Transaction transaction, Wanted wanted);

    /** Raises the versions of environments that are held. */
    Future<Void> raise(Transaction transaction, UUID orgId, List<UUID> environmentIds);

    /** The next of them that are not revoked yet, after one; null for the first. */
    Future<List<Current>> next(
            Transaction transaction, Wanted wanted, List<UUID> environmentIds, @Nullable Current after);

    Future<Void> revoke(Transaction transaction, UUID orgId, List<Current> heads);
}
