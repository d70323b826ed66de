package com.fyvault.secrets;

import com.fasterxml.jackson.databind.util.RawValue;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A secret without its value, as seen in one environment.
 *
 * @param version the current version there; 0 when it has no value there
 * @param providerId the provider that pushes it; null for what is the organization's own
 * @param lastUsedAt when its value was last read, in any environment; some 20 seconds late
 * @param deviceCount how many devices it was assigned to; not counted where secrets are read for their values
 * @param leakedAt when the value was found in public that is still the current one there; not asked where secrets are read for their
 *     values
 * @param injectionConfig a JSON object as it was given
 */
public record Secret(
        UUID orgId,
        UUID projectId,
        UUID id,
        String name,
        @Nullable String description,
        String secretType,
        String injectionConfig,
        boolean clientEncrypted,
        long version,
        boolean revoked,
        @Nullable UUID providerId,
        long deviceCount,
        @Nullable Instant leakedAt,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant lastRotatedAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant deletedAt) {

    /** Every field in both spellings: the SDKs read one, the command line the other. */
    JsonObject toJson() {
        // As it is stored: a list of a thousand would be held up by reading each to write it again.
        RawValue config = new RawValue(injectionConfig);
        String mode = clientEncrypted ? "client" : "server";
        JsonObject json = new JsonObject()
                .put("id", id.toString())
                .put("secret_id", id.toString())
                .put("name", name)
                .put("description", description)
                .put("secret_type", secretType)
                .put("secretType", secretType)
                .put("injection_config", config)
                .put("injectionConfig", config)
                .put("encryption_mode", mode)
                .put("encryptionMode", mode)
                .put("current_version", version)
                .put("version", version)
                .put("last_rotated_at", lastRotatedAt)
                .put("last_used_at", lastUsedAt)
                .put("lastUsedAt", lastUsedAt)
                .put("created_at", createdAt)
                .put("createdAt", createdAt)
                .put("updated_at", updatedAt)
                .put("updatedAt", updatedAt)
                .put("revoked", revoked)
                .put("project_id", projectId.toString())
                .put("deviceCount", deviceCount)
                .put("leaked", leakedAt != null);
        if (leakedAt != null) {
            json.put("leaked_at", leakedAt).put("leakedAt", leakedAt);
        }
        if (providerId != null) {
            json.put("provider_id", providerId.toString()).put("providerId", providerId.toString());
        }
        return deletedAt == null ? json : json.put("deleted_at", deletedAt);
    }
}
