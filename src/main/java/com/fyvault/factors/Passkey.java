package com.fyvault.factors;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A passkey of a person: the public half of a key that an authenticator holds.
///
/// @param credentialId what the authenticator calls it
/// @param attested AAGUID, credential id and COSE key as attested (WebAuthn, 6.5.1)
/// @param transports how a browser may reach the authenticator, as it said itself
/// @param backupEligible whether the authenticator may copy it elsewhere
/// @param signCount of the last use; 0 for ever when the authenticator counts nothing
record Passkey(
        UUID id,
        UUID userId,
        byte[] credentialId,
        byte[] attested,
        String name,
        List<String> transports,
        boolean backupEligible,
        long signCount,
        Instant createdAt,
        @Nullable Instant lastUsedAt) {

    JsonObject toJson() {
        return new JsonObject()
                .put("id", id.toString())
                .put("name", name)
                .put("synced", backupEligible)
                .put("created_at", createdAt.toString())
                .put("last_used_at", lastUsedAt == null ? null : lastUsedAt.toString());
    }
}
