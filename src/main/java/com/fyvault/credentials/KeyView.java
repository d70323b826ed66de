package com.fyvault.credentials;

import com.fyvault.limits.Windows;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.Reach;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tokens as answers show them, in both spellings of every name; never the token itself. */
final class KeyView {
    private KeyView() {}

    static JsonObject of(KeyStore.Standing standing) {
        return standing.flag(of(standing.credential(), standing.active()));
    }

    static JsonObject session(KeyStore.Standing standing) {
        return standing.flag(session(standing.credential(), standing.active()));
    }

    static JsonObject of(Credential c, boolean active) {
        JsonObject json = new JsonObject()
                .put("id", c.id().toString())
                .put("key_id", c.id().toString())
                .put("label", c.label())
                .put("name", c.label())
                .put("kind", c.kind().name().toLowerCase(Locale.ROOT))
                .put("prefix", c.kind().prefix())
                .put("last_four", c.last4())
                .put("last4", c.last4());
        addAuthority(json, c);
        twice(json, "org_id", "orgId", text(c.orgId()));
        twice(json, "parent_id", "parentId", text(c.parentId()));
        twice(json, "owner_user_id", "ownerUserId", text(c.ownerUserId()));
        twice(json, "owner_team_id", "ownerTeamId", text(c.ownerTeamId()));
        twice(json, "created_by", "createdBy", c.createdBy());
        twice(json, "created_at", "createdAt", c.createdAt().toString());
        twice(json, "last_used_at", "lastUsedAt", text(c.lastUsedAt()));
        twice(json, "revoked_at", "revokedAt", text(c.revokedAt()));
        twice(json, "is_active", "isActive", active);
        return json;
    }

    /** With the token itself, for the one answer that shows it. */
    static JsonObject once(JsonObject shown, MintedToken token) {
        return shown.copy().put("key", token.exposeText()).put("token", token.exposeText());
    }

    static JsonObject session(Credential c, boolean active) {
        return of(c, active).put("session_token_id", c.id().toString());
    }

    private static void addAuthority(JsonObject json, Credential c) {
        Reach reach = c.reach();
        json.put("scopes", new JsonArray(c.scopes().names()));
        JsonArray projects = ids(reach.projectIds());
        JsonArray environments = ids(reach.environmentIds());
        json.put("projects", projects);
        twice(json, "project_ids", "projectIds", projects);
        json.put("environments", environments);
        twice(json, "environment_ids", "environmentIds", environments);
        twice(json, "allowed_environments", "allowedEnvironments", environments);
        twice(json, "allowed_secrets", "allowedSecrets", new JsonArray(reach.secretPatterns()));
        JsonArray cidrs = new JsonArray(reach.cidrs());
        json.put("cidrs", cidrs);
        twice(json, "ip_allowlist", "ipAllowlist", cidrs);
        twice(json, "expires_at", "expiresAt", text(c.expiresAt()));
        json.put("limits", new JsonObject(c.limits()));
        twice(json, "rate_limit_rpm", "rateLimitRpm", Windows.parse(c.limits()).perMinute());
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

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }
}
