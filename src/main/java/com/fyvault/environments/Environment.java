package com.fyvault.environments;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An environment as it is managed.
 *
 * @param secretValues how many secrets have a value in it
 * @param devices how many devices may read in it, as far as their own lists go
 */
public record Environment(
        ProjectKey project,
        UUID id,
        String name,
        @Nullable String description,
        boolean isDefault,
        int sortOrder,
        long secretValues,
        long devices,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant deletedAt) {

    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("environment_id", id.toString())
                .put("id", id.toString())
                .put("project_id", project.projectId().toString())
                .put("name", name)
                .put("description", description)
                .put("is_default", isDefault)
                .put("sort_order", sortOrder)
                .put("created_at", createdAt)
                .put("updated_at", updatedAt)
                .put(
                        "_count",
                        new JsonObject().put("secret_values", secretValues).put("devices", devices));
        return deletedAt == null ? json : json.put("deleted_at", deletedAt);
    }
}
