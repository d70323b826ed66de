package com.fyvault.connect;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Codes that were given out, until a day after their time. */
interface ConnectStore {
    /** Codes that can still be used, and database time; exact while the organization's row is held for writing. */
    record Room(long open, Instant now) {}

    /** The organization, held for writing to the end of the transaction. */
    record Org(boolean locked, Instant now) {}

    /**
     * A code that was given out, held likewise.
     *
     * @param missed exchanges that had not all of what is asked for
     * @param providerId what was made with it
     */
    record Held(
            Approval approval,
            boolean genuine,
            int missed,
            boolean used,
            @Nullable UUID providerId) {}

    Future<Room> room(Transaction transaction, UUID orgId);

    Future<Void> add(Transaction transaction, Approval approval);

    /** Null when there is none any more. */
    Future<@Nullable Org> hold(Transaction transaction, UUID orgId);

    Future<@Nullable Held> find(Transaction transaction, UUID orgId, byte[] codeHash);

    Future<Void> missed(Transaction transaction, UUID orgId, UUID id);

    Future<Void> used(Transaction transaction, UUID orgId, UUID id, UUID providerId);
}
