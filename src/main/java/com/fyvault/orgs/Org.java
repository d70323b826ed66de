package com.fyvault.orgs;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;

/** An organization, as its members see it. */
public record Org(UUID id, String name, String slug, Instant createdAt) {

    JsonObject toJson() {
        return new JsonObject()
                .put("org_id", id.toString())
                .put("id", id.toString())
                .put("name", name)
                .put("slug", slug)
                .put("created_at", createdAt.toString())
                .put("createdAt", createdAt.toString());
    }
}
