package com.fyvault.handles;

import com.fyvault.tokens.TokenHash;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A handle as stored: everything but its text.
 *
 * @param credentialId who minted it
 * @param minter the token that it was minted with; the handle is over with it
 */
public record Handle(
        UUID orgId,
        UUID id,
        TokenHash hash,
        UUID credentialId,
        TokenHash minter,
        Target target,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant revokedAt) {
    /** Prefix of a handle; no token's. */
    public static final String PREFIX = "fvh_";

    /** What a handle stands for. */
    public record Target(UUID projectId, UUID environmentId, UUID secretId, String secretName) {}

    /** The same handle, ended. */
    public Handle withRevokedAt(Instant at) {
        return new Handle(orgId, id, hash, credentialId, minter, target, createdAt, expiresAt, at);
    }
}
