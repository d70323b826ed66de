package com.fyvault.trail;

import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Path;
import com.fyvault.tokens.Decision;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the query of a request for the trail. Whatever is not exactly what it should be is refused, never ignored. */
final class TrailQuery {
    private static final int LONGEST = 128;
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    /** Beyond these PostgreSQL knows no time. */
    private static final Instant FIRST = Instant.EPOCH;

    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private final Call call;

    private TrailQuery(Call call) {
        this.call = call;
    }

    static TrailStore.Page read(Call call) {
        TrailQuery query = new TrailQuery(call);
        Decision decision = call.decision();
        return new TrailStore.Page(
                call.orgId(),
                new TrailStore.Sight(decision.projects(), decision.environments(), decision.secretPatterns()),
                query.filter(),
                query.cursor(),
                query.limit());
    }

    /** A page of the events of one secret, for which only times and the environment can be asked. */
    static TrailStore.Page ofSecret(Call call, UUID secretId) {
        TrailQuery query = new TrailQuery(call);
        Decision decision = call.decision();
        return new TrailStore.Page(
                call.orgId(),
                new TrailStore.Sight(decision.projects(), decision.environments(), null),
                new TrailStore.Filter(
                        query.time("from"),
                        query.time("to"),
                        null,
                        null,
                        new TrailStore.Reference(secretId, null),
                        query.reference("environment"),
                        null,
                        null,
                        null),
                query.cursor(),
                query.limit());
    }

    private TrailStore.Filter filter() {
        @Nullable Instant from = time("from");
        @Nullable Instant to = time("to");
        if (from != null && to != null && from.isAfter(to)) {
            throw Fields.invalid("from", "is after to");
        }
        return new TrailStore.Filter(
                from,
                to,
                id("actor"),
                id("token"),
                reference("secret"),
                reference("environment"),
                action(),
                outcome(),
                id("request"));
    }

    private @Nullable String text(String name) {
        return call.query(name, LONGEST);
    }

    private @Nullable Instant time(String name) {
        @Nullable String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            Instant time = text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    // A plus sign in a query is a space once decoded.
                    : OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
            if (!time.isBefore(FIRST) && time.isBefore(LAST)) {
                return time;
            }
        } catch (DateTimeException malformed) {
            throw Fields.invalid(name, "must be a time such as 2030-01-31T12:00:00Z or a day");
        }
        throw Fields.invalid(name, "must be between 1970 and 9999");
    }

    private @Nullable UUID id(String name) {
        @Nullable String text = text(name);
        if (text == null) {
            return null;
        }
        @Nullable UUID id = Ids.parse(text);
        if (id == null) {
            throw Fields.invalid(name, "must be an id");
        }
        return id;
    }

    private TrailStore.@Nullable Reference reference(String name) {
        @Nullable String text = text(name);
        if (text == null) {
            return null;
        }
        if (!text.chars().allMatch(c -> Path.isPlain((char) c))) {
            throw Fields.invalid(name, "must be a name or an id");
        }
        @Nullable UUID id = Ids.parse(text);
        return new TrailStore.Reference(id, id == null ? text.toLowerCase(Locale.ROOT) : null);
    }

    private @Nullable AuditAction action() {
        @Nullable String text = text("action");
        if (text == null) {
            return null;
        }
        @Nullable AuditAction action = AuditAction.parse(text);
        if (action == null) {
            throw Fields.invalid("action", "is none that is recorded, such as secret.read");
        }
        return action;
    }

    private @Nullable AuditOutcome outcome() {
        @Nullable String text = text("outcome");
        if (text == null) {
            return null;
        }
        return Arrays.stream(AuditOutcome.values())
                .filter(outcome -> outcome.text().equals(text))
                .findFirst()
                .orElseThrow(() -> Fields.invalid("outcome", "is done, refused, stale, alarm or unchanged"));
    }

    private @Nullable Cursor cursor() {
        @Nullable String text = text("cursor");
        @Nullable Cursor cursor = text == null ? null : Cursor.parse(text);
        if (text != null && cursor == null) {
            throw Fields.invalid("cursor", "is not one that was given out");
        }
        return cursor;
    }

    private int limit() {
        @Nullable String text = text("limit");
        if (text == null) {
            return USUAL;
        }
        boolean number = text.length() <= 4 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int limit = number ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MOST) {
            throw Fields.invalid("limit", "must be a whole number from 1 to " + MOST);
        }
        return limit;
    }
}
