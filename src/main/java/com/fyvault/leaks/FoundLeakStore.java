package com.fyvault.leaks;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where it stands what was found in public. */
interface FoundLeakStore {
    /** Leaks in a list. */
    int MOST_LISTED = 200;

    /** Leaks that are looked at for a page. */
    int MOST_LOOKED = 1_000;

    /**
     * A page of the list, newest first.
     *
     * @param open only those that are open, or closed; null for both
     * @param after the last of the page before
     */
    record Page(@Nullable Boolean open, @Nullable UUID after, int limit) {}

    /**
     * What was found.
     *
     * @param next where the list goes on; null at its end. A page may be shorter than asked for and the list still go on
     */
    record Listed(List<FoundLeak> leaks, @Nullable UUID next) {}

    /** Who closes which, and why. */
    record Closing(UUID leakId, String by, String note) {}

    Future<Listed> list(UUID orgId, Page page);

    Future<@Nullable FoundLeak> find(UUID orgId, UUID leakId);

    Future<@Nullable FoundLeak> find(Transaction transaction, UUID orgId, UUID leakId);

    /** Closes it; of one that is closed the note is another then. */
    Future<Void> resolve(Transaction transaction, UUID orgId, Closing closing);
}
