package com.fyvault.handles;

import com.fyvault.credentials.KeyStore;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
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

    /** The handles of those ids, held until the commit. */
    Future<List<Handle>> hold(Transaction transaction, UUID orgId, Collection<UUID> ids);

    /**
     * Ends handles of an organization, and raises its epoch: an answer that rests on one of them is refused by the
     * commit of its record.
     *
     * @return the epoch
     */
    Future<Long> revoke(Transaction transaction, UUID orgId, List<Handle> ended);
}
