package com.fyvault.audit;

import com.fyvault.uses.Uses;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit statement, on a connection of its own that lives on the gate's event loop.
 *
 * <p>A record that is folded into a count has action 0: it is checked and not written. A batch is sent as its few actors and places, each once, and its events, which point at them by
 * position. So the check costs one look-up an actor and one a place, and the answer is one row: what
 * became of each actor and each place. Arrays of fixed-width elements are read by subscript, which is
 * cheaper than unnesting a dozen of them side by side, and they are stored as they came: one row is what a batch recorded
 * for one organization, at a fifth of what a row a record costs (docs/BENCHMARKS.md). What a batch has used is noted once it stands.
 */
public final class PostgresAuditWriter implements AuditWriter {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresAuditWriter.class);
    private static final long RETRY_MILLIS = 200;
    /** A connection may be taken and then not answered, by a host that is cut off or a proxy with nothing behind it. */
    private static final long CONNECT_MILLIS = 1_500;
    /** Beyond this many answers outstanding the store is not keeping up and further batches are refused. */
    private static final int MOST_UNDER_WAY = 64;

    // An actor is 0 when its authority holds, 1 when it has moved, 2 when it has expired. A place is 0 when nothing
    // changed in it, 1 when some value did, 2 when its meaning did or it is gone. Only where a place is 1 are the
    // heads of the secrets looked at: what was read is still good when its own head has not changed since.
    private static final String WRITE = """
            with moment as materialized (
                select at, (extract(epoch from at) * 1000000)::bigint as micros from clock_timestamp() as at
            ), actors as materialized (
                select array_agg(case when u.epoch > 0 and (o.auth_epoch is distinct from u.epoch
                                                            or o.deleted_at is not null) then 1
                                      when u.expires <= (select micros from moment) then 2
                                      else 0 end::smallint order by u.n) as state
                  from unnest($1::uuid[], $2::bigint[], $3::bigint[]) with ordinality as u(org_id, epoch, expires, n)
                  left join org o on o.org_id = u.org_id
            ), places as materialized (
                select array_agg(case when u.version = 0 or e.version = u.version then 0
                                      when e.meaning_version <= u.version then 1
                                      else 2 end::smallint order by u.n) as state
                  from unnest($6::uuid[], $7::uuid[], $8::bigint[]) with ordinality
                       as u(org_id, environment_id, version, n)
                  left join environment e
                    on e.org_id = u.org_id and e.environment_id = u.environment_id and e.deleted_at is null
            ), changed as materialized (
                select coalesce(array_agg(r.n::smallint), '{}') as events
                  from unnest($10::smallint[]) with ordinality as r(place, n)
                 where 1 = any ((select state from places)::smallint[])
                   and (select state from places)[r.place] = 1
                   and not exists (select from secret_value v
                                    where v.org_id = ($6::uuid[])[r.place]
                                      and v.environment_id = ($7::uuid[])[r.place]
                                      and v.secret_id = ($11::uuid[])[r.n]
                                      and v.changed_version <= ($8::bigint[])[r.place])
            ), written as (
                insert into audit_event (org_id, first_id, last_id, at, event_ids, actors, actor_base, credential_ids,
                                         addresses, places, place_base, environment_ids, secret_ids, versions, actions,
                                         outcomes, details)
                select p.org_id, p.first_id, p.last_id, m.at, ($9::uuid[])[p.r1:p.r2], ($15::smallint[])[p.r1:p.r2],
                       p.a1 - 1, ($4::uuid[])[p.a1:p.a2], ($5::bytea[])[p.a1:p.a2], ($10::smallint[])[p.r1:p.r2],
                       p.p1 - 1, ($7::uuid[])[p.p1:p.p2], ($11::uuid[])[p.r1:p.r2], ($12::bigint[])[p.r1:p.r2],
                       ($13::smallint[])[p.r1:p.r2],
                       case when 0 = all (a.state) and not 2 = any (e.state) and c.events = '{}'
                            then ($14::smallint[])[p.r1:p.r2]
                            else (select array_agg(case when ($14::smallint[])[n] not in (1, 5) then ($14::smallint[])[n]
                                                        when a.state[($15::smallint[])[n]] = 2 then 2
                                                        when a.state[($15::smallint[])[n]] = 1
                                                          or e.state[($10::smallint[])[n]] = 2
                                                          or n = any (c.events) then 3
                                                        else ($14::smallint[])[n] end::smallint order by n)
                                    from generate_series(p.r1::integer, p.r2) as n) end,
                       ($16::text[])[p.r1:p.r2]
                  from unnest($17::uuid[], $18::uuid[], $19::uuid[], $20::smallint[], $21::smallint[], $22::smallint[],
                              $23::smallint[], $24::smallint[], $25::smallint[])
                       as p(org_id, first_id, last_id, r1, r2, a1, a2, p1, p2),
                       moment m, actors a, places e, changed c
            )
            select a.state, p.state, c.events, m.micros from actors a, places p, changed c, moment m
            """;

    private final Vertx vertx;
    private final PgConnectOptions options;
    private final Context context;
    private final Uses uses;
    private @Nullable PgConnection connection;
    private boolean connecting;
    private boolean closed;
    private int underWay;

    private PostgresAuditWriter(Vertx vertx, PgConnectOptions options, Uses uses) {
        this.vertx = vertx;
        this.uses = uses;
        this.context = vertx.getOrCreateContext();
        Map<String, String> properties = new HashMap<>(options.getProperties());
        // One statement, whose best plan does not depend on its parameters: planning it again is waste.
        properties.put("plan_cache_mode", "force_generic_plan");
        this.options = new PgConnectOptions(options).setProperties(properties);
    }

    /** A writer for the current event loop, once its first connection stands. */
    public static Future<PostgresAuditWriter> connect(Vertx vertx, PgConnectOptions options, Uses uses) {
        PostgresAuditWriter writer = new PostgresAuditWriter(vertx, options, uses);
        return PgConnection.connect(vertx, writer.options).map(connection -> {
            writer.use(connection);
            return writer;
        });
    }

    @Override
    public Future<Verdict[]> write(List<AuditRecord> records) {
        @Nullable PgConnection now = connection;
        if (now == null || underWay >= MOST_UNDER_WAY) {
            return Future.failedFuture(new ConnectException("audit connection is down"));
        }
        PostgresAuditBatch batch = new PostgresAuditBatch(records);
        underWay++;
        return now.preparedQuery(WRITE)
                .execute(batch.parameters())
                .onComplete(done -> underWay--)
                .map(rows -> {
                    Row row = rows.iterator().next();
                    Verdict[] verdicts =
                            batch.verdicts(row.getArrayOfShorts(0), row.getArrayOfShorts(1), row.getArrayOfShorts(2));
                    BatchUses.note(uses, records, verdicts, row.getLong(3));
                    return verdicts;
                });
    }

    @Override
    public void reset() {
        @Nullable PgConnection old = connection;
        connection = null;
        if (old != null) {
            old.close().onFailure(gone -> LOG.debug("already closed"));
        }
        reconnect();
    }

    /** Closes for good. */
    public Future<Void> close() {
        closed = true;
        @Nullable PgConnection old = connection;
        connection = null;
        return old == null ? Future.succeededFuture() : old.close();
    }

    @SuppressWarnings("ReferenceEquality")
    private void use(PgConnection fresh) {
        connection = fresh;
        PgConnection _ = fresh.closeHandler(gone -> {
            if (connection == fresh) {
                connection = null;
                reconnect();
            }
        });
    }

    private void reconnect() {
        if (closed || connecting) {
            return;
        }
        connecting = true;
        context.runOnContext(go -> {
            Future<PgConnection> attempt = PgConnection.connect(vertx, options);
            attempt.timeout(CONNECT_MILLIS, TimeUnit.MILLISECONDS).onComplete(done -> {
                connecting = false;
                if (done.succeeded()) {
                    underWay = 0;
                    use(done.result());
                    LOG.info("audit connection stands again");
                } else {
                    attempt.onSuccess(late -> late.close().onFailure(gone -> LOG.debug("already closed")));
                    vertx.setTimer(RETRY_MILLIS, again -> reconnect());
                }
            });
        });
    }
}
