package com.fyvault.federation;

import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Reach;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rules as answers show them, in both spellings of every name. */
final class TrustRuleView {
    private TrustRuleView() {}

    static JsonObject of(TrustRule rule, boolean active) {
        Credential c = rule.credential();
        JsonObject json = new JsonObject()
                .put("id", c.id().toString())
                .put("name", c.label())
                .put("type", rule.type().text())
                .put("issuer", rule.issuer())
                .put("audience", rule.audience())
                .put("conditions", rule.conditions().toJson())
                .put("jwks", rule.jwks() == null ? null : new JsonObject(rule.jwks()));
        twice(json, "jwks_url", "jwksUrl", rule.jwksUrl());
        twice(json, "single_use", "singleUse", rule.singleUse());
        twice(json, "ttl_seconds", "ttlSeconds", rule.ttlSeconds());
        addAuthority(json, c);
        @Nullable UUID parent = c.parentId();
        twice(json, "parent_id", "parentId", parent == null ? null : parent.toString());
        twice(json, "created_by", "createdBy", c.createdBy());
        twice(json, "created_at", "createdAt", c.createdAt().toString());
        twice(json, "expires_at", "expiresAt", text(c.expiresAt()));
        twice(json, "revoked_at", "revokedAt", text(c.revokedAt()));
        twice(json, "is_active", "isActive", active);
        return json;
    }

    private static void addAuthority(JsonObject json, Credential c) {
        Reach reach = c.reach();
        json.put("scopes", new JsonArray(c.scopes().names()))
                .put("projects", ids(reach.projectIds()))
                .put("environments", ids(reach.environmentIds()))
                .put("cidrs", new JsonArray(reach.cidrs()));
        twice(json, "allowed_secrets", "allowedSecrets", new JsonArray(reach.secretPatterns()));
    }

    private static void twice(JsonObject json, String snake, String camel, @Nullable Object value) {
        json.put(snake, value).put(camel, value);
    }

    private static JsonArray ids(List<UUID> ids) {
        return new JsonArray(ids.stream().map(UUID::toString).toList());
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
