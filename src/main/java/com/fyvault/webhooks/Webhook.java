package com.fyvault.webhooks;

import com.fyvault.crypto.RowSeal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where an organization is told of its events.
 *
 * @param providerId the provider that is told of what is its own here, and of nothing else; null for the organization's
 * @param madeWith the key that it was made with, without which it is silent; null when a person made it
 */
record Webhook(
        UUID orgId,
        UUID id,
        @Nullable UUID providerId,
        String url,
        @Nullable String description,
        List<String> types,
        boolean enabled,
        @Nullable UUID madeWith,
        String createdBy,
        State state) {

    /**
     * What has become of it.
     *
     * @param failingSince since when no try has succeeded
     * @param pausedAt when it was given up for that
     * @param endedAt when its provider was told that it is over
     */
    record State(
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant failingSince,
            @Nullable Instant pausedAt,
            @Nullable Instant earlierUntil,
            @Nullable Instant endedAt) {}

    Webhook {
        types = List.copyOf(types);
    }

    /** Over what says where to. */
    static RowSeal.Row sealOf(RowSeal seals, UUID orgId, UUID id, String url) {
        return seals.fields("webhook.1").add(orgId).add(id).add(url);
    }

    /** The same of one for a provider: it must not become one that is told of everything. */
    static RowSeal.Row sealOfProviders(RowSeal seals, UUID orgId, UUID id, String url) {
        return seals.fields("webhook.provider.1").add(orgId).add(id).add(url);
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("id", id.toString())
                .put("url", url)
                .put("types", new JsonArray(types))
                .put("enabled", enabled)
                .put("createdBy", createdBy)
                .put("createdAt", state.createdAt().toString())
                .put("updatedAt", state.updatedAt().toString());
        some(json, "description", description);
        some(json, "failingSince", state.failingSince());
        some(json, "pausedAt", state.pausedAt());
        some(json, "earlierSecretUntil", state.earlierUntil());
        some(json, "providerId", providerId);
        some(json, "endedAt", state.endedAt());
        return json;
    }

    private static void some(JsonObject json, String field, @Nullable Object value) {
        if (value != null) {
            json.put(field, value.toString());
        }
    }
}
