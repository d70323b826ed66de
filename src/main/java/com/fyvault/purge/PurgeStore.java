package com.fyvault.purge;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was deleted more than 30 days ago, by itself or with what it was in. */
public interface PurgeStore {
    /**
     * Something that is gone for good.
     *
     * @param environmentId the environment, or the one that a value was in
     * @param secretId the secret; null for environments and projects
     */
    record Purged(
            Kind kind,
            UUID orgId,
            UUID projectId,
            @Nullable UUID environmentId,
            @Nullable UUID secretId) {}

    /** In the order in which they can go. */
    enum Kind {
        /** A secret with its values everywhere. */
        SECRET,
        /** A secret's value in an environment that goes, while the secret stays. */
        VALUE,
        /** An environment that holds nothing any more. */
        ENVIRONMENT,
        /** A project that holds nothing any more. */
        PROJECT
    }

    /** True when no other node purges; holds until the transaction ends. */
    Future<Boolean> claim(Transaction transaction);

    /** Removes up to so many of a kind; what they were. */
    Future<List<Purged>> purge(Transaction transaction, Kind kind, int most);
}
