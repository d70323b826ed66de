package com.fyvault.providers;

import com.fyvault.limits.Windows;
import com.fyvault.tokens.Credential;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A provider as answers show it: camelCase, and what it has not is left out; never its token. */
final class ProviderView {
    private ProviderView() {}

    static JsonObject of(Credential c, Provider provider, boolean active) {
        JsonObject json = new JsonObject()
                .put("providerId", c.id().toString())
                .put("id", c.id().toString())
                .put("name", c.label())
                .put("providerType", provider.type())
                .put(
                        "allowedEnvironments",
                        new JsonArray(c.reach().environmentIds().stream()
                                .map(UUID::toString)
                                .toList()))
                .put("allowedSecrets", new JsonArray(c.reach().secretPatterns()))
                .put("ipAllowlist", new JsonArray(c.reach().cidrs()))
                .put("lastFour", c.last4())
                .put("isActive", active)
                .put("createdAt", c.createdAt().toString());
        some(json, "description", provider.description());
        some(json, "allowedSecretPrefix", provider.secretPrefix());
        some(json, "webhookUrl", provider.webhookUrl());
        some(json, "rateLimitRpm", Windows.parse(c.limits()).perMinute());
        some(json, "lastUsedAt", c.lastUsedAt());
        some(json, "expiresAt", c.expiresAt());
        some(json, "revokedAt", c.revokedAt());
        return json;
    }

    private static void some(JsonObject json, String field, @Nullable Object value) {
        if (value != null) {
            json.put(field, value instanceof Number ? value : value.toString());
        }
    }
}
