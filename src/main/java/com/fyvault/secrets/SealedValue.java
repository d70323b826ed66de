package com.fyvault.secrets;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The current value of a secret in an environment, still sealed.
 *
 * @param name as stored, for the answer
 * @param version the current version; 0 when there is no such value
 * @param envelope the sealed bytes; null for no value and for a revoked one
 * @param clientEncrypted true when what is inside is the client's own ciphertext
 * @param readVersion the environment's version in the snapshot that this was read in
 */
public record SealedValue(
        @Nullable UUID secretId,
        String name,
        long version,
        byte @Nullable [] envelope,
        boolean clientEncrypted,
        boolean revoked,
        long readVersion) {

    /** Nothing under that name, as of a version. */
    static SealedValue absent(long readVersion) {
        return new SealedValue(null, "", 0, null, false, false, readVersion);
    }

    /** The secret's id, of a value that is there. */
    UUID id() {
        return Objects.requireNonNull(secretId);
    }

    /** The envelope, of a value that is there. */
    byte[] sealed() {
        return Objects.requireNonNull(envelope);
    }

    boolean isAbsent() {
        return secretId == null || version == 0;
    }

    /** Bytes in memory: the ciphertext, and what the objects around it take. */
    int weight() {
        return (envelope == null ? 0 : envelope.length) + 320 + name.length();
    }
}
