package com.fyvault.advice;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** When organizations are mailed what to look at. */
interface DigestStore {
    /** Administrators that are mailed at most. */
    int MOST_RECIPIENTS = 100;

    /**
     * An organization whose turn it is.
     *
     * @param open false for one that is locked or deleted
     */
    record Due(UUID orgId, String name, boolean open) {}

    /** Whether an organization is mailed, and when it was. */
    record Setting(boolean enabled, @Nullable Instant sentAt) {}

    /** The next one, held to the end of the transaction, which has entered it then; null when there is none. */
    Future<@Nullable Due> take(Transaction transaction);

    /** Addresses of its owners and admins, in the order in which they came. */
    Future<List<String>> recipients(Transaction transaction, UUID orgId);

    /** Puts off its next turn: a week when something was sent, else a day. */
    Future<Void> putOff(Transaction transaction, UUID orgId, boolean sent);

    Future<Setting> find(UUID orgId);

    Future<Setting> set(Transaction transaction, UUID orgId, boolean enabled);
}
