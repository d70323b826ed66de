package com.fyvault.environments;

import com.fyvault.platform.async.SingleFlight;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which environment a request means. Names and defaults are kept in memory and may be out of date;
 * every change of one raises the version of the environments it concerns, so the commit of the
 * audit record finds it out and {@link #forget} makes the next attempt look again.
 */
public final class Directory {
    private static final int MOST_PROJECTS = 100_000;
    private static final int MOST_ENVIRONMENTS = 500_000;

    private record Key(UUID orgId, @Nullable String reference) {}

    private final DirectoryStore store;
    private final SingleFlight<Key, ProjectView> lookups;
    private final Cache<Key, ProjectView> projects =
            Caffeine.newBuilder().maximumSize(MOST_PROJECTS).build();
    private final Cache<UUID, EnvironmentState> environments =
            Caffeine.newBuilder().maximumSize(MOST_ENVIRONMENTS).build();

    public Directory(Vertx vertx, DirectoryStore store) {
        this.store = store;
        this.lookups = new SingleFlight<>(vertx);
    }

    /** The project as last seen, or null when it must be looked up with {@link #load}. */
    public @Nullable ProjectView peek(UUID orgId, @Nullable String reference) {
        return projects.getIfPresent(new Key(orgId, reference));
    }

    /** The project of a lower-case name or id, or the default one for null, from PostgreSQL; refused with 404 when there is none. */
    public Future<ProjectView> load(UUID orgId, @Nullable String reference) {
        Key key = new Key(orgId, reference);
        return lookups.run(
                key,
                () -> store.find(orgId, reference).map(found -> {
                    if (found == null) {
                        projects.invalidate(key);
                        throw Refusal.of(ErrorCode.PROJECT_NOT_FOUND);
                    }
                    ProjectView view = view(orgId, found);
                    projects.put(key, view);
                    return view;
                }));
    }

    /** Drops the project, so that the next request looks it up. */
    public void forget(UUID orgId, @Nullable String reference) {
        projects.invalidate(new Key(orgId, reference));
    }

    private ProjectView view(UUID orgId, DirectoryStore.Project found) {
        Map<String, EnvironmentState> byReference = new HashMap<>();
        for (DirectoryStore.Entry entry : found.environments()) {
            // One state an environment: values cached under it hang on its marks.
            EnvironmentState state = environments.get(
                    entry.environmentId(), id -> new EnvironmentState(orgId, found.projectId(), id, entry.version()));
            byReference.put(entry.nameKey(), state);
            byReference.put(entry.environmentId().toString(), state);
            if (entry.isDefault()) {
                byReference.put(ProjectView.DEFAULT, state);
            }
        }
        return new ProjectView(orgId, found.projectId(), byReference);
    }
}
