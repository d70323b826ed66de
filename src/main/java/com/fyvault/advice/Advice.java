package com.fyvault.advice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that somebody should look at.
 *
 * @param place where it stands in the list
 * @param subjectId the secret, token or webhook that it is about
 * @param subject its kind of token; null for what is no token
 * @param name of a secret or a webhook, or the label of a token
 * @param last4 of a token
 * @param environments names of those that it concerns, where it does not concern all
 */
record Advice(
        Kind kind,
        Place place,
        UUID subjectId,
        @Nullable String subject,
        String name,
        @Nullable String last4,
        @Nullable UUID projectId,
        List<String> environments) {
    /**
     * A place in the list: what is more urgent comes first, then what is earlier.
     *
     * @param at since when, or until when
     * @param id tells apart what is at the same time
     */
    record Place(int rank, Instant at, UUID id) {}

    /** What is advised, and what to do. The names are those on the wire. */
    enum Kind {
        SECRET_LEAKED(false, "Have its issuer replace the value, store the new one, and close the leak."),
        WEBHOOK_SECRET_LEAKED(
                false, "Roll the secret without a grace period, and give whoever receives what it signs the new one."),
        PROVIDER_EXPIRING(true, "Give the provider a new token before this one expires."),
        KEY_EXPIRING(true, "Replace it before it expires, or let it end if nobody needs it."),
        WEBHOOK_PAUSED(false, "Mend what it calls, then enable it again."),
        SECRET_NEVER_ROTATED(false, "Rotate it: its first value has been in use ever since."),
        KEY_UNUSED(false, "Revoke it if nobody needs it any more.");

        private final boolean ahead;
        private final String whatToDo;

        Kind(boolean ahead, String whatToDo) {
            this.ahead = ahead;
            this.whatToDo = whatToDo;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        String whatToDo() {
            return whatToDo;
        }

        /** True when its place is a leak. */
        boolean isOfLeak() {
            return this == SECRET_LEAKED || this == WEBHOOK_SECRET_LEAKED;
        }

        /** True when it says until when, not since when. */
        boolean isAhead() {
            return ahead;
        }
    }

    Advice {
        environments = List.copyOf(environments);
    }

    String severity() {
        return switch (place.rank()) {
            case 1 -> "critical";
            case 2, 3 -> "high";
            case 4 -> "medium";
            default -> "low";
        };
    }

    JsonObject toJson(UUID orgId) {
        JsonObject json = new JsonObject()
                .put("kind", kind.text())
                .put("severity", severity())
                .put("id", subjectId.toString())
                .put("name", name)
                .put("projectId", projectId == null ? null : projectId.toString())
                .put("environments", new JsonArray(environments))
                .put(kind.isAhead() ? "until" : "since", place.at().toString())
                .put("whatToDo", kind.whatToDo())
                .put("path", path(orgId));
        if (subject != null) {
            json.put("tokenKind", subject.toLowerCase(Locale.ROOT)).put("last4", last4);
        }
        return kind.isOfLeak() ? json.put("leakId", place.id().toString()) : json;
    }

    /** Where to act on it. */
    private String path(UUID orgId) {
        String org = "/orgs/" + orgId;
        return switch (kind) {
            case SECRET_LEAKED, WEBHOOK_SECRET_LEAKED -> org + "/leaks/" + place.id();
            case WEBHOOK_PAUSED -> org + "/webhooks/" + subjectId;
            case SECRET_NEVER_ROTATED -> org + "/projects/" + projectId + "/secrets/" + subjectId + "/rotate";
            default -> org + "/" + tokens() + "/" + subjectId;
        };
    }

    private String tokens() {
        return switch (subject == null ? "" : subject) {
            case "AGENT" -> "agent-credentials";
            case "DEVICE" -> "devices";
            case "PROVIDER" -> "providers";
            default -> "api-keys";
        };
    }
}
