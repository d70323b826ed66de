package com.fyvault.members;

import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who belongs to an organization.
 *
 * @param lastSeenAt when a token of theirs was last used; null for never
 * @param keys API keys of theirs that live
 */
record Member(
        Membership membership,
        String email,
        List<UUID> teams,
        Instant joinedAt,
        @Nullable Instant lastSeenAt,
        long keys) {

    JsonObject toJson() {
        Role role = membership.role();
        return Grants.show(role, membership.projects())
                .put("userId", membership.userId().toString())
                .put("email", email)
                .put("status", role == Role.NONE ? "deactivated" : "active")
                .put("teams", new JsonArray(teams.stream().map(UUID::toString).toList()))
                .put("keys", keys)
                .put("joinedAt", joinedAt.toString())
                .put("lastSeenAt", lastSeenAt == null ? null : lastSeenAt.toString());
    }
}
