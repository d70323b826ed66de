package com.fyvault.api;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers by Idempotency-Key, kept 24 hours. The key is taken in the transaction of the change, so
 * that a repeat either finds the answer or does the work, never both.
 */
public interface Idempotency {
    /** Who repeats what: one key belongs to one principal and one route. */
    record Key(UUID orgId, UUID principalId, String route, String key, byte[] fingerprint) {}

    /** What the first request was answered with. */
    record Stored(int status, String body) {}

    /** Takes the key; the stored answer when it was taken before. Refused when the earlier request was another. */
    Future<@Nullable Stored> begin(Transaction transaction, Key key);

    /** Stores the answer with the key. */
    Future<Void> finish(Transaction transaction, Key key, Stored answer);
}
