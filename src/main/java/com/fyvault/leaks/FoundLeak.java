package com.fyvault.leaks;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something of the organization that was found in public, as it stands now.
 *
 * @param thing what it is
 * @param open whether somebody has to do something: the value is still current, or readable as the one before, or the secret still
 *     signs, and nobody has closed it. A token, a handle or an invitation is dead from the moment that it was found
 * @param told addresses that were told
 */
record FoundLeak(
        UUID id,
        Thing thing,
        Where where,
        Instant foundAt,
        boolean open,
        @Nullable Resolution resolution,
        List<String> told) {
    /** What a leak is of. */
    sealed interface Thing permits Token, Value, Item {}

    /**
     * Something else that was found.
     *
     * @param kind handle, invitation or webhook_secret
     * @param id of the handle, the invitation or the webhook
     */
    record Item(
            String kind,
            UUID id,
            @Nullable String label,
            @Nullable Boolean wasLive) implements Thing {
        /** Whether it was ended here. */
        boolean isEnded() {
            return LeakStore.ItemKind.of(kind).isEnded();
        }
    }

    /**
     * A token that was found. What is null is known no more: the token was removed long after its end.
     *
     * @param wasLive whether it was revoked for it
     */
    record Token(
            UUID id,
            @Nullable String kind,
            @Nullable UUID ownerId,
            @Nullable String label,
            @Nullable String last4,
            @Nullable Boolean wasLive)
            implements Thing {}

    /** A value that was found; without its project it is gone for good. */
    record Value(
            UUID secretId,
            UUID environmentId,
            long version,
            @Nullable UUID projectId,
            @Nullable String secret,
            @Nullable String environment,
            boolean production)
            implements Thing {}

    /** Where it was found, in the words of who reported it. */
    record Where(
            String reporter,
            @Nullable String url,
            @Nullable String source,
            @Nullable String type) {}

    /** Who has closed it by hand. */
    record Resolution(
            Instant at, @Nullable String by, @Nullable String note) {}

    FoundLeak {
        told = List.copyOf(told);
    }

    /** The value, when it is one. */
    @Nullable
    Value value() {
        return thing instanceof Value value ? value : null;
    }

    /** True for what can do no more harm. */
    private boolean isEnded() {
        return thing instanceof Token || (thing instanceof Item item && item.isEnded());
    }

    /** @param naming whether those that were told are named, or counted alone */
    JsonObject toJson(boolean naming) {
        JsonObject json = new JsonObject()
                .put("id", id.toString())
                .put("what", what())
                .put("state", open ? "open" : "closed")
                .put("closedBecause", closedBecause())
                .put("done", isEnded() ? "revoked" : "flagged")
                .put("foundAt", foundAt.toString())
                .put("url", where.url())
                .put("source", where.source())
                .put("type", where.type())
                .put("reportedBy", where.reporter())
                .put("toldCount", told.size());
        switch (thing) {
            case Token token -> add(json, token);
            case Value value -> add(json, value);
            case Item item ->
                json.put("itemId", item.id().toString())
                        .put("name", item.label())
                        .put("wasLive", item.wasLive());
        }
        if (resolution != null) {
            json.put("resolvedAt", resolution.at().toString())
                    .put("resolvedBy", resolution.by())
                    .put("note", resolution.note());
        }
        return naming ? json.put("told", new JsonArray(told)) : json;
    }

    private String what() {
        return switch (thing) {
            case Token token -> "token";
            case Value value -> "secret";
            case Item item -> item.kind();
        };
    }

    private static void add(JsonObject json, Token token) {
        json.put("tokenId", token.id().toString())
                .put("tokenKind", token.kind() == null ? null : token.kind().toLowerCase(Locale.ROOT))
                .put("name", token.label())
                .put("last4", token.last4())
                .put("wasLive", token.wasLive());
    }

    private static void add(JsonObject json, Value value) {
        json.put("secretId", value.secretId().toString())
                .put("name", value.secret())
                .put("environmentId", value.environmentId().toString())
                .put("environment", value.environment())
                .put(
                        "projectId",
                        value.projectId() == null ? null : value.projectId().toString())
                .put("version", value.version());
    }

    private @Nullable String closedBecause() {
        if (open) {
            return null;
        }
        if (isEnded()) {
            return "revoked";
        }
        return resolution == null ? "replaced" : "resolved";
    }
}
