package com.fyvault.trail;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.tokens.SecretPatterns;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the audit trail is read. */
public interface TrailStore {
    /** An id or, when it is none, a lower-case name. */
    record Reference(@Nullable UUID id, @Nullable String name) {}

    /**
     * Where a token may look. Null lists do not restrict, empty ones allow nothing.
     *
     * @param secrets patterns as in {@link SecretPatterns}
     */
    record Sight(
            @Nullable Set<UUID> projects,
            @Nullable Set<UUID> environments,
            @Nullable List<String> secrets) {
        boolean isEverything() {
            return projects == null && environments == null && secrets == null;
        }
    }

    /**
     * What is asked for; null for anything.
     *
     * @param actor a token, the key that it descends from directly, or a user
     * @param token a token that did it or that it was done to
     */
    record Filter(
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable UUID actor,
            @Nullable UUID token,
            @Nullable Reference secret,
            @Nullable Reference environment,
            @Nullable AuditAction action,
            @Nullable AuditOutcome outcome,
            @Nullable UUID request) {
        private static final Filter NONE = new Filter(null, null, null, null, null, null, null, null, null);

        boolean isNone() {
            return equals(NONE);
        }
    }

    /** A page of an organization's trail, newest first. */
    record Page(
            UUID orgId,
            Sight sight,
            Filter filter,
            @Nullable Cursor after,
            int limit) {}

    /** An event as it is shown, and its place in the order. */
    record Event(Cursor place, JsonObject shown) {}

    /** The events of a page, and where the trail goes on; null at its end. There may be more after a page without any. */
    record Found(List<Event> events, @Nullable Cursor next) {}

    /** A secret that there is, or that was deleted. */
    record Known(UUID projectId, String nameKey) {}

    Future<Found> find(Page page);

    /** What the organization's secret of that id is; null when it has none. */
    Future<@Nullable Known> secret(UUID orgId, UUID secretId);
}
