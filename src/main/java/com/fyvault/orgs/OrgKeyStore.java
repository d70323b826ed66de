package com.fyvault.orgs;

import com.fyvault.crypto.OrgKeyId;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Where wrapped organization keys are kept. */
public interface OrgKeyStore {
    /** A key as it lies in the store: wrapped by the root key. */
    record WrappedKey(int epoch, byte[] wrapped, boolean primary) {}

    /** Every known epoch of an organization's key. */
    Future<List<WrappedKey>> find(UUID orgId);

    /** Counts further uses of a key; the number counted in all, this reservation included. */
    Future<Long> reserve(OrgKeyId key, int uses);

    /** Adds a key in the transaction that makes the organization. */
    Future<Void> add(Transaction transaction, UUID orgId, WrappedKey key);
}
