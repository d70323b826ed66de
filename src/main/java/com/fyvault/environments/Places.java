package com.fyvault.environments;

import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The project and environment that a call means, once its token has been found to reach them. */
public final class Places {
    /** What stands before the path of anything in a project: the default project, and any other under its two names. */
    public static final List<String> PATHS =
            List.of("/orgs/{org}", "/orgs/{org}/projects/{project}", "/orgs/{org}/vaults/{project}");

    private static final int LONGEST = 128;

    private final PlaceStore store;

    public Places(PlaceStore store) {
        this.store = store;
    }

    /** The environment that the call's query names, or the default one. */
    public Future<Place> find(Call call) {
        return store.find(reference(call, call.query("environment", LONGEST))).map(place -> admit(call, place));
    }

    /** The same, or the environment that the body names, on the transaction's own connection. */
    public Future<Place> find(Call call, Transaction transaction) {
        @Nullable String named = call.query("environment", LONGEST);
        @Nullable String inBody = call.body().optionalText("environment", LONGEST);
        return store.find(transaction, reference(call, named == null ? inBody : named))
                .map(place -> admit(call, place));
    }

    /** An environment that is known by its ids; gone, or out of reach, it is refused like one that was named. */
    public Future<Place> at(Call call, UUID projectId, UUID environmentId) {
        PlaceStore.Reference ids =
                new PlaceStore.Reference(call.orgId(), projectId.toString(), environmentId.toString());
        return store.find(ids).map(place -> admit(call, place));
    }

    /** The environment of the query or the default one, in a project that the token reaches: for what concerns every environment. */
    public Future<Place> unchecked(Call call, Transaction transaction) {
        return store.find(transaction, reference(call, call.query("environment", LONGEST)))
                .map(place -> {
                    call.admitTo(place.projectId());
                    return place;
                });
    }

    /** An environment named otherwise than in the query. */
    public Future<Place> find(Call call, @Nullable String environment) {
        return store.find(reference(call, environment)).map(place -> admit(call, place));
    }

    /** The environment of the query, else of the body, else the default one, locked for a change of a value. */
    public Future<Place> change(Call call, Transaction transaction) {
        @Nullable String named = call.query("environment", LONGEST);
        @Nullable String inBody = call.body().optionalText("environment", LONGEST);
        return store.change(transaction, reference(call, named == null ? inBody : named))
                .map(place -> admit(call, place));
    }

    /** An environment named in the body, in a project that is named there too; null for the default project. */
    public Future<Place> find(
            Call call, Transaction transaction, @Nullable String project, @Nullable String environment) {
        return store.find(transaction, new PlaceStore.Reference(call.orgId(), lower(project), lower(environment)))
                .map(place -> admit(call, place));
    }

    /** The same, locked for a change of a value. */
    public Future<Place> change(
            Call call, Transaction transaction, @Nullable String project, @Nullable String environment) {
        return store.change(transaction, new PlaceStore.Reference(call.orgId(), lower(project), lower(environment)))
                .map(place -> admit(call, place));
    }

    /** The project of the call's path, or the default one. */
    public Future<UUID> project(Call call) {
        return store.project(reference(call, null)).map(projectId -> {
            call.admitTo(projectId);
            return projectId;
        });
    }

    private static Place admit(Call call, Place place) {
        call.admitTo(place.projectId());
        boolean production = place.production() && !call.decision().allowsProduction();
        if (production || !call.decision().allowsEnvironment(place.environmentId())) {
            throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_ALLOWED);
        }
        call.record().environment(place.environmentId());
        return place;
    }

    static PlaceStore.Reference reference(Call call, @Nullable String environment) {
        return new PlaceStore.Reference(call.orgId(), lower(call.optionalPath("project")), lower(environment));
    }

    private static @Nullable String lower(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text.toLowerCase(Locale.ROOT);
    }
}
