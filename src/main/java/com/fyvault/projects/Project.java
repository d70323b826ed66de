package com.fyvault.projects;

import com.fyvault.environments.ProjectKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A project, which the clients also call a vault, as it is managed. */
public record Project(
        ProjectKey key,
        String name,
        @Nullable String description,
        boolean isDefault,
        long environments,
        long secrets,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant deletedAt) {

    JsonObject toJson() {
        String id = key.projectId().toString();
        JsonObject json = new JsonObject()
                .put("project_id", id)
                .put("id", id)
                .put("org_id", key.orgId().toString())
                .put("name", name)
                .put("description", description)
                .put("is_default", isDefault)
                .put("created_at", createdAt)
                .put("updated_at", updatedAt)
                .put(
                        "_count",
                        new JsonObject().put("environments", environments).put("secrets", secrets));
        return deletedAt == null ? json : json.put("deleted_at", deletedAt);
    }
}
