package com.fyvault.events;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that has changed.
 *
 * @param place where it was; all of it null for what is of the whole organization
 * @param about the token that it is about
 * @param actor the token that did it; null for the server itself
 * @param data what else there is to say: ids, names, numbers
 */
public record Event(
        UUID orgId,
        Position position,
        EventType type,
        Instant at,
        Place place,
        @Nullable UUID about,
        @Nullable UUID actor,
        JsonObject data) {

    /** Where it was, with the names of that moment. */
    public record Place(
            @Nullable UUID projectId,
            @Nullable UUID environmentId,
            @Nullable String environment,
            boolean production,
            @Nullable UUID secretId,
            @Nullable String secret) {
        public static final Place NOWHERE = new Place(null, null, null, false, null, null);
    }

    /** The event as it is told, without who did it: that is for those who may read the trail. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("id", position.eventId().toString())
                .put("type", type.text())
                .put("timestamp", at.toString())
                .put("orgId", orgId.toString());
        some(json, "projectId", place.projectId());
        some(json, "environmentId", place.environmentId());
        some(json, "environment", place.environment());
        some(json, "secretId", place.secretId());
        some(json, "secret", place.secret());
        some(json, "tokenId", about);
        return json.put("data", data);
    }

    /** The same with who did it. */
    public JsonObject toFullJson() {
        JsonObject json = toJson();
        some(json, "actorTokenId", actor);
        return json;
    }

    private static void some(JsonObject json, String field, @Nullable Object value) {
        if (value != null) {
            json.put(field, value.toString());
        }
    }
}
