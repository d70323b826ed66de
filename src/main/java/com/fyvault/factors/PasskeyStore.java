package com.fyvault.factors;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The passkeys of people, and the challenges that were answered. Every time in it is the database's.
interface PasskeyStore {
    /// The most that a person may have.
    int MOST = 20;

    /// A passkey, and the time at which it was looked up.
    record Found(Passkey passkey, Instant now) {}

    Future<Instant> now();

    /// Oldest first.
    Future<List<Passkey>> list(UUID user);

    /// By what the authenticator calls it, whosever it is.
    Future<@Nullable Found> find(byte[] credentialId);

    /// False when an authenticator has registered it before, for whomever.
    Future<Boolean> add(Transaction transaction, Passkey passkey);

    /// False when the person has none of that id.
    Future<Boolean> remove(Transaction transaction, UUID user, UUID id);

    /// Uses the challenge up. False when it was answered before, or is over by now.
    Future<Boolean> spend(Transaction transaction, Challenge challenge);

    /// Notes a use. False when the passkey is gone, or when the count is not above that of another use meanwhile.
    Future<Boolean> used(Transaction transaction, UUID id, long signCount);
}
