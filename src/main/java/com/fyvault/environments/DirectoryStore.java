package com.fyvault.environments;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where projects and environments are looked up for reading. */
public interface DirectoryStore {
    /** The most environments a project may have. */
    int MOST_ENVIRONMENTS = 200;

    /** An environment as stored. */
    record Entry(UUID environmentId, String nameKey, boolean isDefault, long version) {}

    /** A project with its environments. */
    record Project(UUID projectId, List<Entry> environments) {}

    /** The project of a lower-case name or id, or the default one for null; null when there is none. */
    Future<@Nullable Project> find(UUID orgId, @Nullable String reference);
}
