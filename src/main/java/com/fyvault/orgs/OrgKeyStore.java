package com.fyvault.orgs;

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

    /** Adds a key in the transaction that makes the organization. */
    Future<Void> add(Transaction transaction, UUID orgId, WrappedKey key);
}
