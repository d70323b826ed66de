package com.fyvault.events;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Events in PostgreSQL. The number of a transaction is drawn early and its rows are seen late, so a reader that went by
 * numbers alone would pass rows by that come to be seen afterwards. It goes no further than the oldest transaction that was
 * running when its statement began: all before that have ended, and their rows are seen or will never be.
 */
public final class PostgresEventStore implements EventStore {
    // A token from before a roll is a child of the provider's own.
    private static final String PROVIDER = """
            left join lateral (select p.credential_id as provider_id
                                 from credential c
                                 join provider p on p.org_id = c.org_id and p.credential_id in (c.credential_id, c.parent_id)
                                where c.org_id = $1 and c.credential_id = %s and c.kind = 'PROVIDER'
                                limit 1) p on true
            """;
    // Whose the secret is, or which provider the token is of, is said of every event that has one.
    private static final String ADD = """
            insert into event (org_id, event_id, type, project_id, environment_id, environment, production, secret_id,
                               secret, credential_id, actor_id, data)
            select $1, $2, $3, coalesce(s.project_id, e.project_id, $4), $5, e.name,
                   coalesce(e.is_default or e.name_key = 'production', false), $6, s.name, $7, $8,
                   case when coalesce(s.provider_id, p.provider_id) is null then $9::text::jsonb
                        else $9::text::jsonb || jsonb_build_object('provider_id', coalesce(s.provider_id, p.provider_id)) end
              from (select) one
              left join secret s on s.org_id = $1 and s.secret_id = $6
              left join environment e on e.org_id = $1 and e.environment_id = $5
            %s
            """.formatted(PROVIDER.formatted("$7"));
    private static final String ADD_ALL = """
            insert into event (org_id, event_id, type, project_id, environment_id, environment, production, secret_id,
                               secret, credential_id, actor_id, data)
            select $1, v.event_id, v.type, coalesce(s.project_id, e.project_id, v.project_id), v.environment_id, e.name,
                   coalesce(e.is_default or e.name_key = 'production', false), v.secret_id, s.name, v.about, v.actor,
                   case when coalesce(s.provider_id, p.provider_id) is null then v.data::jsonb
                        else v.data::jsonb || jsonb_build_object('provider_id', coalesce(s.provider_id, p.provider_id)) end
              from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[])
                   as v(event_id, type, project_id, environment_id, secret_id, about, actor, data)
              left join secret s on s.org_id = $1 and s.secret_id = v.secret_id
              left join environment e on e.org_id = $1 and e.environment_id = v.environment_id
            %s
            """.formatted(PROVIDER.formatted("v.about"));
    private static final String COLUMNS = """
            e.org_id, e.tx::text::bigint as tx, e.event_id, e.at, e.type, e.project_id, e.environment_id, e.environment, e.production,
            e.secret_id, e.secret, e.credential_id, e.actor_id, e.data::text as data
            """;

    private static final String AFTER = """
            select o.auth_epoch, (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros,
                   pg_snapshot_xmin(pg_current_snapshot())::text::bigint as running,
            %s
              from org o
              left join lateral (select * from event
                                  where org_id = $1 and (tx, event_id) > ($2::bigint::text::xid8, $3::uuid)
                                  order by tx, event_id limit $4) e on true
             where o.org_id = $1 and o.deleted_at is null
             order by e.tx, e.event_id
            """.formatted(COLUMNS);

    private final Database database;

    public PostgresEventStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Void> add(Transaction transaction, Draft draft) {
        Tuple values = Tuple.of(draft.orgId(), draft.id(), draft.type().text())
                .addUUID(draft.projectId())
                .addUUID(draft.environmentId())
                .addUUID(draft.secretId())
                .addUUID(draft.about())
                .addUUID(draft.actor())
                .addString(draft.data());
        return transaction.query(ADD, values).mapEmpty();
    }

    @Override
    public Future<Void> addAll(Transaction transaction, List<Draft> drafts) {
        Tuple values = Tuple.of(drafts.get(0).orgId())
                .addArrayOfUUID(ids(drafts, Draft::id))
                .addArrayOfString(
                        drafts.stream().map(draft -> draft.type().text()).toArray(String[]::new))
                .addArrayOfUUID(ids(drafts, Draft::projectId))
                .addArrayOfUUID(ids(drafts, Draft::environmentId))
                .addArrayOfUUID(ids(drafts, Draft::secretId))
                .addArrayOfUUID(ids(drafts, Draft::about))
                .addArrayOfUUID(ids(drafts, Draft::actor))
                .addArrayOfString(drafts.stream().map(Draft::data).toArray(String[]::new));
        return transaction.query(ADD_ALL, values).mapEmpty();
    }

    private static @Nullable UUID[] ids(List<Draft> drafts, Function<Draft, @Nullable UUID> id) {
        return drafts.stream().map(id).toArray(UUID[]::new);
    }

    @Override
    public Future<@Nullable Page> after(UUID orgId, Position after, int most) {
        long sent = System.nanoTime();
        return database.query(orgId, AFTER, Tuple.of(orgId, after.tx(), after.eventId(), most))
                .map(rows -> page(rows, after, sent, most));
    }

    @Override
    public Future<@Nullable Page> after(Transaction transaction, UUID orgId, Position after, int most) {
        long sent = System.nanoTime();
        return transaction
                .query(AFTER, Tuple.of(orgId, after.tx(), after.eventId(), most))
                .map(rows -> page(rows, after, sent, most));
    }

    private static @Nullable Page page(RowSet<Row> rows, Position after, long sent, int most) {
        @Nullable Look look = null;
        boolean pending = false;
        int seen = 0;
        Position last = after;
        List<Event> events = new ArrayList<>(rows.size());
        for (Row row : rows) {
            long running = row.getLong("running");
            if (look == null) {
                long micros = row.getLong("micros");
                Instant now = Instant.ofEpochMilli(TimeUnit.MICROSECONDS.toMillis(micros));
                look = new Look(sent, row.getLong("auth_epoch"), micros, Position.before(running, now));
            }
            if (row.getUUID("event_id") != null) {
                boolean ended = row.getLong("tx") < running;
                pending |= !ended;
                if (ended) {
                    seen++;
                    last = new Position(row.getLong("tx"), row.getUUID("event_id"));
                }
                // A type that a newer node has written says nothing here, and is passed by.
                if (ended && EventType.parse(row.getString("type")) != null) {
                    events.add(event(row));
                }
            }
        }
        return look == null ? null : new Page(List.copyOf(events), look, last, seen == most, pending);
    }

    private static Event event(Row row) {
        EventType type = Objects.requireNonNull(EventType.parse(row.getString("type")));
        return new Event(
                row.getUUID("org_id"),
                new Position(row.getLong("tx"), row.getUUID("event_id")),
                type,
                row.getOffsetDateTime("at").toInstant(),
                new Event.Place(
                        row.getUUID("project_id"),
                        row.getUUID("environment_id"),
                        row.getString("environment"),
                        row.getBoolean("production"),
                        row.getUUID("secret_id"),
                        row.getString("secret")),
                row.getUUID("credential_id"),
                row.getUUID("actor_id"),
                new JsonObject(row.getString("data")));
    }
}
