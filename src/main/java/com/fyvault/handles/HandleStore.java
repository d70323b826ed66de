package com.fyvault.handles;

import com.fyvault.credentials.KeyStore;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where handles lie. */
public interface HandleStore {
    /** A handle and database time. */
    record Found(Handle handle, Instant now) {
        boolean isLive() {
            return handle.revokedAt() == null && handle.expiresAt().isAfter(now);
        }
    }

    /** Holds the credential's row until the commit and counts its live handles, at most {@code most} of them. */
    Future<KeyStore.Room> room(Transaction transaction, UUID orgId, UUID credentialId, int most);

    Future<Void> add(Transaction transaction, Handle handle);

    /** The handle of that hash in the organization; null when there is none. */
    Future<@Nullable Found> find(UUID orgId, TokenHash hash);

    /** The handle of that id, as the transaction sees it; null when there is none. */
    Future<@Nullable Found> find(Transaction transaction, UUID orgId, UUID id);

    /**
     * Ends a handle, and raises the organization's epoch: an answer that rests on the handle is refused by the
     * commit of its record.
     *
     * @return the epoch
     */
    Future<Long> revoke(Transaction transaction, Handle ended);
}
