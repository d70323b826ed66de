package com.fyvault.agents;

import com.fyvault.tokens.Credential;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An agent as answers show it: snake_case, lists that are never null; never the token. */
final class AgentView {
    private AgentView() {}

    static JsonObject of(Credential c, @Nullable Agent agent, boolean active) {
        @Nullable Long longest = agent == null ? null : agent.maxTtlSeconds();
        return new JsonObject()
                .put("credential_id", c.id().toString())
                .put("id", c.id().toString())
                .put("name", c.label())
                .put("description", agent == null ? null : agent.description())
                .put("agent_type", agent == null ? null : agent.type())
                .put("scopes", new JsonArray(c.scopes().names()))
                .put("allowed_secrets", new JsonArray(c.reach().secretPatterns()))
                .put(
                        "allowed_environments",
                        new JsonArray(c.reach().environmentIds().stream()
                                .map(UUID::toString)
                                .toList()))
                .put("ip_allowlist", new JsonArray(c.reach().cidrs()))
                // A whole number for the clients, always: 0 is no bound.
                .put("max_ttl_seconds", longest == null ? 0 : longest)
                .put("rate_limit_rpm", new JsonObject(c.limits()).getLong("perMinute"))
                .put("last_four", c.last4())
                .put("parent_id", c.parentId() == null ? null : c.parentId().toString())
                .put("created_by", c.createdBy())
                .put("created_at", c.createdAt().toString())
                .put("expires_at", text(c.expiresAt()))
                .put("last_used_at", text(c.lastUsedAt()))
                .put("revoked_at", text(c.revokedAt()))
                .put("is_active", active);
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
