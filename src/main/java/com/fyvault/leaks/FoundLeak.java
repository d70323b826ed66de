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
 * @param token the token; null for a value
 * @param value the value; null for a token
 * @param open whether somebody has to do something: the value is still current, or readable as the one before, and nobody has
 *     closed it. A token is dead from the moment that it was found
 * @param told addresses that were told
 */
record FoundLeak(
        UUID id,
        @Nullable Token token,
        @Nullable Value value,
        Where where,
        Instant foundAt,
        boolean open,
        @Nullable Resolution resolution,
        List<String> told) {
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
            @Nullable Boolean wasLive) {}

    /** A value that was found; without its project it is gone for good. */
    record Value(
            UUID secretId,
            UUID environmentId,
            long version,
            @Nullable UUID projectId,
            @Nullable String secret,
            @Nullable String environment,
            boolean production) {}

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

    /** @param naming whether those that were told are named, or counted alone */
    JsonObject toJson(boolean naming) {
        JsonObject json = new JsonObject()
                .put("id", id.toString())
                .put("what", token == null ? "secret" : "token")
                .put("state", open ? "open" : "closed")
                .put("closedBecause", closedBecause())
                .put("done", token == null ? "flagged" : "revoked")
                .put("foundAt", foundAt.toString())
                .put("url", where.url())
                .put("source", where.source())
                .put("type", where.type())
                .put("reportedBy", where.reporter())
                .put("toldCount", told.size());
        if (token != null) {
            json.put("tokenId", token.id().toString())
                    .put("tokenKind", token.kind() == null ? null : token.kind().toLowerCase(Locale.ROOT))
                    .put("name", token.label())
                    .put("last4", token.last4())
                    .put("wasLive", token.wasLive());
        }
        if (value != null) {
            json.put("secretId", value.secretId().toString())
                    .put("name", value.secret())
                    .put("environmentId", value.environmentId().toString())
                    .put("environment", value.environment())
                    .put(
                            "projectId",
                            value.projectId() == null ? null : value.projectId().toString())
                    .put("version", value.version());
        }
        if (resolution != null) {
            json.put("resolvedAt", resolution.at().toString())
                    .put("resolvedBy", resolution.by())
                    .put("note", resolution.note());
        }
        return naming ? json.put("told", new JsonArray(told)) : json;
    }

    private @Nullable String closedBecause() {
        if (open) {
            return null;
        }
        if (token != null) {
            return "revoked";
        }
        return resolution == null ? "replaced" : "resolved";
    }
}
