package com.fyvault.secrets;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.environments.Names;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Secrets without their values: lists in pages, one by id or name, and its versions. */
final class ListSecrets {
    private static final int LONGEST = 128;
    /** In place of an environment: secrets of the whole project, wherever they have a value. */
    private static final String EVERYWHERE = "*";

    private final Places places;
    private final SecretStore store;

    ListSecrets(Places places, SecretStore store) {
        this.places = places;
        this.store = store;
    }

    Future<Answer> list(Call call) {
        @Nullable String environment = call.query("environment", LONGEST);
        boolean everywhere = EVERYWHERE.equals(environment);
        SecretStore.Filter filter = new SecretStore.Filter(
                call.query("search", LONGEST),
                call.query("secretType", LONGEST),
                everywhere,
                "true".equals(call.query("deleted", LONGEST)),
                call.decision().assignedSecrets(),
                call.cursor(),
                call.limit(SecretStore.MOST_LISTED));
        if (call.decision().isConfinedToEnvironments() && (filter.everywhere() || filter.deleted())) {
            throw Refusal.of(
                    ErrorCode.ENVIRONMENT_NOT_ALLOWED, "A token confined to some environments sees one at a time");
        }
        return places.find(call, everywhere ? null : environment)
                .compose(place -> store.list(place, filter))
                .map(listed -> {
                    JsonArray items = new JsonArray();
                    listed.secrets().stream()
                            .filter(secret -> call.decision().allowsSecret(secret.id(), Names.key(secret.name())))
                            .forEach(secret -> items.add(secret.toJson()));
                    call.record().detail("count", items.size());
                    @Nullable UUID next = listed.next();
                    return Answer.ok(items).withNextCursor(next == null ? null : next.toString());
                });
    }

    Future<Answer> view(Call call) {
        return found(call).map(secret -> Answer.ok(secret.toJson()));
    }

    Future<Answer> versions(Call call) {
        return places.find(call)
                .compose(place -> store.find(place, SecretAccess.key(call))
                        .compose(secret -> {
                            SecretAccess.admitFound(call, secret);
                            return store.versions(place, secret.id());
                        })
                        .map(versions -> {
                            JsonArray items = new JsonArray();
                            versions.forEach(version -> items.add(json(version)));
                            return Answer.ok(items);
                        }));
    }

    private Future<Secret> found(Call call) {
        @Nullable String name = call.optionalPath("name");
        if (name != null) {
            SecretAccess.admitName(call, name);
        }
        SecretKey key = name == null ? SecretAccess.key(call) : SecretKey.name(Names.key(name));
        return places.find(call)
                .compose(place -> store.find(place, key))
                .map(secret -> SecretAccess.admitFound(call, secret));
    }

    /** {@code created_by} is a number for one client and {@code createdBy} a string for the other; each gets its own. */
    private static JsonObject json(SecretStore.StoredVersion version) {
        return new JsonObject()
                .put("version_id", "v" + version.version())
                .put("version", version.version())
                .put("created_by", 0)
                .put("createdBy", version.createdBy())
                .put("created_at", version.createdAt())
                .put("createdAt", version.createdAt());
    }
}
