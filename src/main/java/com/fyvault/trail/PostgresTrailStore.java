package com.fyvault.trail;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.platform.postgres.Database;
import com.fyvault.tokens.ClientAddress;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail in PostgreSQL. A page is a walk down the index (org_id, last_id) over rows that hold what a batch
 * recorded, ids of at most a second ({@link AuditLog#ROW_SPAN_MILLIS}): ids follow time, so a time range bounds the walk as well, by a day
 * more than it says, which no node's clock is off.
 * A filter that matches little does not make it longer: the walk ends after so many records, found or not,
 * and the answer says where it goes on.
 */
public final class PostgresTrailStore implements TrailStore {
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private static final UUID LAST = new UUID(-1, -1);
    private static final String SECRET = "coalesce(a.secret_id, '00000000-0000-0000-0000-000000000000')";
    private static final String MICROS = "(extract(epoch from a.at) * 1000000)::bigint";
    private static final String WALK = """
              from audit_walk($1, $2, $3, $4, $5, $6, $7, $8) a
             order by a.event_id desc, %2$s desc, %1$s desc
            """.formatted(SECRET, MICROS);
    private static final String FIND =
            "with walked as (select a.* " + WALK + "limit $8)\n" + """
            select a.event_id, a.at, a.credential_id, a.user_id, a.environment_id, a.secret_id, a.version, a.action,
                   a.outcome, a.address, a.details::text as details,
                   c.label, c.kind, c.last4, c.parent_id, c.owner_user_id,
                   s.name as secret_name, e.name as environment_name, e.project_id,
                   %2$s as micros
              from walked a
              left join credential c on c.org_id = a.org_id and c.credential_id = a.credential_id
              left join secret s on s.org_id = a.org_id and s.secret_id = a.secret_id
              left join environment e on e.org_id = a.org_id and e.environment_id = a.environment_id
             where ($9::timestamptz is null or a.at >= $9)
               and ($10::timestamptz is null or a.at < $10)
               and ($11::uuid is null or a.credential_id = $11 or a.user_id = $11 or c.parent_id = $11
                    or c.owner_user_id = $11)
               and ($12::uuid is null or a.credential_id = $12 or a.details ->> 'token_id' = $12::uuid::text)
               and ($13::uuid is null or a.secret_id = $13)
               and ($14::text is null or s.name_key = $14)
               and ($15::uuid is null or a.environment_id = $15)
               and ($16::text is null or e.name_key = $16)
               and ($17::smallint is null or a.action = $17)
               and ($18::smallint is null or a.outcome = $18)
               and ($19::uuid[] is null or e.project_id = any($19))
               and ($20::uuid[] is null or a.environment_id = any($20))
               and ($21::text[] is null
                    or exists (select 1 from unnest($21) as p(pattern)
                                where s.name_key = p.pattern
                                   or (right(p.pattern, 1) = '*' and starts_with(s.name_key, rtrim(p.pattern, '*')))))
             order by a.event_id desc, micros desc, %1$s desc
             limit $22
            """.formatted(SECRET, MICROS);
    /** The last record that the walk came to, when it did not come to the end. */
    private static final String EDGE = "select a.event_id, " + MICROS + " as micros, " + SECRET + " as secret_id "
            + WALK + "limit 1 offset $8 - 1";

    private static final String KNOWN = "select project_id, name_key from secret where org_id = $1 and secret_id = $2";

    private final Database database;
    private final int scanRows;

    /** @param scanRows records that one page with a filter walks over at most */
    public PostgresTrailStore(Database database, int scanRows) {
        this.database = database;
        this.scanRows = scanRows;
    }

    @Override
    public Future<Found> find(Page page) {
        boolean all = page.filter().isNone() && page.sight().isEverything();
        int walk = all ? page.limit() : Math.max(scanRows, page.limit());
        return database.query(page.orgId(), FIND, asked(walked(page, walk), page))
                .compose(rows -> {
                    List<Event> events = new ArrayList<>(rows.size());
                    rows.forEach(row -> events.add(event(row)));
                    if (events.size() == page.limit()) {
                        return Future.succeededFuture(
                                new Found(events, events.get(events.size() - 1).place()));
                    }
                    return all ? Future.succeededFuture(new Found(events, null)) : edge(page, walk, events);
                });
    }

    @Override
    public Future<@Nullable Known> secret(UUID orgId, UUID secretId) {
        return database.query(orgId, KNOWN, Tuple.of(orgId, secretId)).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            return new Known(row.getUUID("project_id"), Objects.requireNonNull(row.getString("name_key")));
        });
    }

    private Future<Found> edge(Page page, int walk, List<Event> events) {
        return database.query(page.orgId(), EDGE, walked(page, walk)).map(rows -> {
            if (rows.size() == 0) {
                return new Found(events, null);
            }
            Row row = rows.iterator().next();
            return new Found(
                    events, new Cursor(row.getUUID("event_id"), row.getLong("micros"), row.getUUID("secret_id")));
        });
    }

    private static Tuple walked(Page page, int walk) {
        Filter filter = page.filter();
        @Nullable Cursor after = page.after();
        Instant first = filter.from() == null ? Instant.EPOCH : filter.from().minus(CLOCKS_DIFFER);
        UUID oldest = filter.request() == null ? idAt(Math.max(0, first.toEpochMilli())) : filter.request();
        UUID newest = newest(filter, after);
        return Tuple.tuple()
                .addUUID(page.orgId())
                .addUUID(oldest)
                .addUUID(newest)
                .addUUID(reach(newest))
                .addUUID(after == null ? null : after.eventId())
                .addLong(after == null ? null : after.atMicros())
                .addUUID(after == null ? Cursor.NO_SECRET : after.secretId())
                .addInteger(walk);
    }

    private static Tuple asked(Tuple walked, Page page) {
        Filter filter = page.filter();
        return walked.addOffsetDateTime(time(filter.from()))
                .addOffsetDateTime(time(filter.to()))
                .addUUID(filter.actor())
                .addUUID(filter.token())
                .addUUID(filter.secret() == null ? null : filter.secret().id())
                .addString(filter.secret() == null ? null : filter.secret().name())
                .addUUID(
                        filter.environment() == null
                                ? null
                                : filter.environment().id())
                .addString(
                        filter.environment() == null
                                ? null
                                : filter.environment().name())
                .addShort(filter.action() == null ? null : filter.action().code())
                .addShort(filter.outcome() == null ? null : filter.outcome().code())
                .addArrayOfUUID(ids(page.sight().projects()))
                .addArrayOfUUID(ids(page.sight().environments()))
                .addArrayOfString(
                        page.sight().secrets() == null
                                ? null
                                : page.sight().secrets().toArray(String[]::new))
                .addInteger(page.limit());
    }

    /** The greatest id that can be on the page. */
    private static UUID newest(Filter filter, @Nullable Cursor after) {
        UUID newest = filter.to() == null
                ? LAST
                : idAt(filter.to().plus(CLOCKS_DIFFER).toEpochMilli());
        if (filter.request() != null) {
            return filter.request();
        }
        if (after == null) {
            return newest;
        }
        // As PostgreSQL compares them, byte by byte; UUID.compareTo takes the halves as signed numbers.
        return newest.toString().compareTo(after.eventId().toString()) < 0 ? newest : after.eventId();
    }

    /** The greatest id of a row that has something of this id or below. */
    private static UUID reach(UUID newest) {
        long millis = newest.getMostSignificantBits() >>> 16;
        return newest.equals(LAST) ? LAST : idAt(millis + AuditLog.ROW_SPAN_MILLIS + 1);
    }

    private static Event event(Row row) {
        @Nullable UUID secret = row.getUUID("secret_id");
        String id = row.getUUID("event_id").toString();
        @Nullable Buffer address = row.getBuffer("address");
        @Nullable String details = row.getString("details");
        JsonObject shown = new JsonObject()
                .put("id", id)
                .put("event_id", id)
                .put("at", instant(row.getOffsetDateTime("at")).toString())
                .put("action", AuditAction.of(row.getShort("action")).text())
                .put("outcome", AuditOutcome.of(row.getShort("outcome")).text())
                .put("actor", actor(row))
                .put("token_id", text(row.getUUID("credential_id")))
                .put("parent_token_id", text(row.getUUID("parent_id")))
                .put("project_id", text(row.getUUID("project_id")))
                .put("environment_id", text(row.getUUID("environment_id")))
                .put("environment", row.getString("environment_name"))
                .put("secret_id", text(secret))
                .put("secret_name", row.getString("secret_name"))
                .put("version", row.getLong("version"))
                .put("address", ClientAddress.text(address == null ? null : address.getBytes()))
                .put("details", details == null ? new JsonObject() : new JsonObject(details));
        return new Event(
                new Cursor(row.getUUID("event_id"), row.getLong("micros"), secret == null ? Cursor.NO_SECRET : secret),
                shown);
    }

    /** Who did it. A session that has been purged is named by its id alone; what no token did, the system did. */
    private static JsonObject actor(Row row) {
        @Nullable UUID token = row.getUUID("credential_id");
        @Nullable UUID user = row.getUUID("user_id");
        @Nullable String kind = row.getString("kind");
        String shownKind = kind != null ? kind.toLowerCase(Locale.ROOT) : token != null ? "token" : "system";
        return new JsonObject()
                .put("kind", user != null && token == null ? "user" : shownKind)
                .put("tokenId", text(token))
                .put("label", row.getString("label"))
                .put("last4", row.getString("last4"))
                .put("parentId", text(row.getUUID("parent_id")))
                .put("userId", text(user == null ? row.getUUID("owner_user_id") : user));
    }

    /** The smallest UUID of version 7 of a moment. */
    private static UUID idAt(long millis) {
        return new UUID(millis << 16, 0);
    }

    private static UUID @Nullable [] ids(@Nullable Collection<UUID> ids) {
        return ids == null ? null : ids.toArray(UUID[]::new);
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(OffsetDateTime time) {
        return time.withOffsetSameInstant(ZoneOffset.UTC).toInstant();
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }
}
