package com.fyvault.factors;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What people have enrolled, and the codes that they have used. Every time in it is the database's.
interface FactorStore {
    /// The secret of an authenticator app, sealed.
    ///
    /// @param lastStep the newest step that was used
    /// @param nowStep the step it is now
    record Shared(byte[] sealed, long lastStep, long nowStep) {}

    /// What a person has.
    ///
    /// @param totpSince when the authenticator app was confirmed, or null
    /// @param recoveryCodes those not used yet
    /// @param now the database's clock
    record Enrolled(@Nullable Instant totpSince, int passkeys, int recoveryCodes, Instant now) {
        boolean any() {
            return totpSince != null || passkeys > 0;
        }
    }

    Future<Enrolled> enrolled(UUID user);

    Future<Enrolled> enrolled(Transaction transaction, UUID user);

    /// The secret in force; null when there is none.
    Future<@Nullable Shared> shared(UUID user);

    /// The secret that waits for its first code; null when there is none, or when it has waited for 15 minutes.
    Future<@Nullable Shared> waiting(UUID user);

    /// Uses a step up. False when it, or a later one, was used before, when it is out of the window by now, or when
    /// the secret is another one by now.
    Future<Boolean> useStep(UUID user, byte[] sealed, long step);

    /// Uses a recovery code up. False when it is not there or was used before.
    Future<Boolean> useRecoveryCode(UUID user, byte[] hash);

    /// Counts a try at the second step of a login that waits. False when it waits no more, or had its tries.
    Future<Boolean> tryPending(TokenHash token);

    /// Held until the transaction ends, so that one change of a person's factors at a time is made.
    Future<Enrolled> lock(Transaction transaction, UUID user);

    /// Puts the secret down to wait for its first code, in place of one that waits. False when one is in force.
    Future<Boolean> await(Transaction transaction, UUID user, byte[] sealed);

    /// Puts the waiting secret in force, with the step of its first code used up. False as in [#useStep].
    Future<Boolean> confirm(Transaction transaction, UUID user, Shared waiting, long step);

    /// Takes the secret away. False when none is in force.
    Future<Boolean> removeTotp(Transaction transaction, UUID user);

    /// Puts these in place of all recovery codes that there are.
    Future<Void> replaceRecoveryCodes(Transaction transaction, UUID user, List<byte[]> hashes);
}
