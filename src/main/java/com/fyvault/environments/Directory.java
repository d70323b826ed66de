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
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which environment a request means. Names and defaults are kept in memory and may be out of date;
 * every change of one raises the version of the environments it concerns. Each entry carries the
 * version it was read at and is passed over as soon as its environment is known to have moved on, by
 * whatever name another request found that out; until then the commit of the audit record does.
 *
 * <p>Absence is never kept, and never taken from a look-up that somebody else began: it could have
 * started before what is asked for was made, and no version would tell.
 */
public final class Directory {
    private static final int MOST_PROJECTS = 100_000;
    private static final int MOST_ENVIRONMENTS = 500_000;

    private record Key(UUID orgId, @Nullable String reference) {}

    private final DirectoryStore store;
    private final SingleFlight<Key, @Nullable ProjectView> lookups;
    private final Cache<Key, ProjectView> projects =
            Caffeine.newBuilder().maximumSize(MOST_PROJECTS).build();
    private final Cache<UUID, EnvironmentState> environments =
            Caffeine.newBuilder().maximumSize(MOST_ENVIRONMENTS).build();

    public Directory(Vertx vertx, DirectoryStore store) {
        this.store = store;
        this.lookups = new SingleFlight<>(vertx);
    }

    /** The environment as last seen, or null when it must be looked up with {@link #load}. */
    public @Nullable Located peek(UUID orgId, @Nullable String project, @Nullable String environment) {
        @Nullable ProjectView view = projects.getIfPresent(new Key(orgId, project));
        @Nullable Located found = view == null ? null : view.find(environment);
        return found != null && found.holds() ? found : null;
    }

    /**
     * The environment from PostgreSQL; refused with 404 when there is none.
     *
     * @param project lower-case name or id; null for the default project
     * @param environment lower-case name or id; null for the default environment
     */
    public Future<Located> load(UUID orgId, @Nullable String project, @Nullable String environment) {
        Key key = new Key(orgId, project);
        return lookups.run(key, () -> look(key)).compose(shared -> {
            @Nullable Located found = shared == null ? null : shared.find(environment);
            return found != null ? Future.succeededFuture(found) : look(key).map(own -> required(own, environment));
        });
    }

    /** Drops the project by this name, so that the next request looks it up. */
    public void forget(UUID orgId, @Nullable String project) {
        projects.invalidate(new Key(orgId, project));
    }

    private Future<@Nullable ProjectView> look(Key key) {
        return store.find(key.orgId(), key.reference()).map(found -> {
            if (found == null) {
                projects.invalidate(key);
                return null;
            }
            ProjectView view = view(key.orgId(), found);
            projects.put(key, view);
            return view;
        });
    }

    private static Located required(@Nullable ProjectView view, @Nullable String environment) {
        if (view == null) {
            throw Refusal.of(ErrorCode.PROJECT_NOT_FOUND);
        }
        @Nullable Located found = view.find(environment);
        if (found == null) {
            throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_FOUND);
        }
        return found;
    }

    private ProjectView view(UUID orgId, DirectoryStore.Project found) {
        Map<String, Located> byReference = new HashMap<>();
        for (DirectoryStore.Entry entry : found.environments()) {
            // One state an environment: values cached under it hang on its marks.
            EnvironmentState state = Objects.requireNonNull(environments.get(
                    entry.environmentId(), id -> new EnvironmentState(orgId, found.projectId(), id, entry.version())));
            Located located =
                    new Located(state, entry.version(), Names.isProduction(entry.nameKey(), entry.isDefault()));
            byReference.put(entry.nameKey(), located);
            byReference.put(entry.environmentId().toString(), located);
            if (entry.isDefault()) {
                byReference.put(ProjectView.DEFAULT, located);
            }
        }
        return new ProjectView(orgId, found.projectId(), byReference);
    }
}
