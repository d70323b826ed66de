package com.fyvault.audit;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit statement, on a connection of its own that lives on the gate's event loop.
 *
 * <p>Organizations and environments are sent once a batch and compared once; a record points at
 * them by position. So the check costs two look-ups a batch in the usual case, and the answer is one
 * row: what held, and the time.
 */
public final class PostgresAuditWriter implements AuditWriter {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresAuditWriter.class);
    private static final long RETRY_MILLIS = 200;
    /** Beyond this many answers outstanding the store is not keeping up and further batches are refused. */
    private static final int MOST_UNDER_WAY = 64;

    private static final String WRITE = """
            with org_now as materialized (
                select array_agg(u.epoch = 0 or coalesce(o.auth_epoch = u.epoch and o.deleted_at is null, false)
                                 order by u.n) as held
                  from unnest($1::uuid[], $2::bigint[]) with ordinality as u(org_id, epoch, n)
                  left join org o on o.org_id = u.org_id
            ), env_now as materialized (
                select array_agg(u.version = 0 or coalesce(e.version = u.version, false) order by u.n) as held
                  from unnest($3::uuid[], $4::uuid[], $5::bigint[]) with ordinality as u(org_id, environment_id, version, n)
                  left join environment e
                    on e.org_id = u.org_id and e.environment_id = u.environment_id and e.deleted_at is null
            ), moment as materialized (
                select clock_timestamp() as at, (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros
            ), written as (
                insert into audit_event (event_id, org_id, at, credential_id, environment_id, secret_id, version,
                                         action, outcome, address, details)
                select r.event_id, ($1::uuid[])[r.org], m.at, r.credential_id,
                       case when r.env > 0 then ($4::uuid[])[r.env] end,
                       r.secret_id, nullif(r.version, 0), r.action,
                       case when r.outcome not in (1, 5) then r.outcome
                            when not o.held[r.org] or not (r.env = 0 or e.held[r.env]) then 3
                            when r.expires <= m.micros then 2
                            else r.outcome end,
                       r.address, r.details::jsonb
                  from unnest($6::uuid[], $7::smallint[], $8::uuid[], $9::smallint[], $10::uuid[], $11::bigint[],
                              $12::smallint[], $13::smallint[], $14::bytea[], $15::bigint[], $16::text[])
                       as r(event_id, org, credential_id, env, secret_id, version, action, outcome, address, expires,
                            details),
                       org_now o, env_now e, moment m
            )
            select o.held as orgs, e.held as environments, m.micros from org_now o, env_now e, moment m
            """;

    private final Vertx vertx;
    private final PgConnectOptions options;
    private final Context context;
    private @Nullable PgConnection connection;
    private boolean connecting;
    private boolean closed;
    private int underWay;

    private PostgresAuditWriter(Vertx vertx, PgConnectOptions options) {
        this.vertx = vertx;
        this.options = options;
        this.context = vertx.getOrCreateContext();
    }

    /** A writer for the current event loop, once its first connection stands. */
    public static Future<PostgresAuditWriter> connect(Vertx vertx, PgConnectOptions options) {
        PostgresAuditWriter writer = new PostgresAuditWriter(vertx, options);
        return PgConnection.connect(vertx, options).map(connection -> {
            writer.use(connection);
            return writer;
        });
    }

    @Override
    public Future<Verdict[]> write(List<AuditRecord> records) {
        @Nullable PgConnection now = connection;
        if (now == null || underWay >= MOST_UNDER_WAY) {
            return Future.failedFuture(new java.net.ConnectException("audit connection is down"));
        }
        AuditBatch batch = AuditBatch.of(records);
        underWay++;
        return now.preparedQuery(WRITE)
                .execute(batch.parameters())
                .onComplete(done -> underWay--)
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return batch.verdicts(row.getArrayOfBooleans(0), row.getArrayOfBooleans(1), row.getLong(2));
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
        context.runOnContext(go -> PgConnection.connect(vertx, options).onComplete(done -> {
            connecting = false;
            if (done.succeeded()) {
                underWay = 0;
                use(done.result());
                LOG.info("audit connection stands again");
            } else {
                vertx.setTimer(RETRY_MILLIS, again -> reconnect());
            }
        }));
    }

    /** A batch as the statement's columns. */
    private static final class AuditBatch {
        private final List<AuditRecord> records;
        private final List<AuditRecord> orgs = new ArrayList<>();
        private final List<AuditRecord> environments = new ArrayList<>();
        private final Short[] orgAt;
        private final Short[] environmentAt;

        private AuditBatch(List<AuditRecord> records) {
            this.records = records;
            this.orgAt = new Short[records.size()];
            this.environmentAt = new Short[records.size()];
        }

        static AuditBatch of(List<AuditRecord> records) {
            AuditBatch batch = new AuditBatch(records);
            for (int i = 0; i < batch.orgAt.length; i++) {
                AuditRecord record = records.get(i);
                batch.orgAt[i] = batch.orgPosition(record);
                batch.environmentAt[i] = record.environmentId() == null ? 0 : batch.environmentPosition(record);
            }
            return batch;
        }

        // A batch is of few organizations and environments, most often one: a scan beats a map.
        private Short orgPosition(AuditRecord record) {
            for (int i = 0; i < orgs.size(); i++) {
                AuditRecord seen = orgs.get(i);
                if (seen.epoch() == record.epoch() && seen.orgId().equals(record.orgId())) {
                    return (short) (i + 1);
                }
            }
            orgs.add(record);
            return (short) orgs.size();
        }

        private Short environmentPosition(AuditRecord record) {
            for (int i = 0; i < environments.size(); i++) {
                AuditRecord seen = environments.get(i);
                if (seen.environmentVersion() == record.environmentVersion()
                        && java.util.Objects.equals(seen.environmentId(), record.environmentId())
                        && seen.orgId().equals(record.orgId())) {
                    return (short) (i + 1);
                }
            }
            environments.add(record);
            return (short) environments.size();
        }

        Tuple parameters() {
            int n = records.size();
            UUID[] events = new UUID[n];
            @Nullable UUID[] credentials = new UUID[n];
            @Nullable UUID[] secrets = new UUID[n];
            Long[] versions = new Long[n];
            Short[] actions = new Short[n];
            Short[] outcomes = new Short[n];
            @Nullable Buffer[] addresses = new Buffer[n];
            Long[] expires = new Long[n];
            @Nullable String[] details = new String[n];
            for (int i = 0; i < n; i++) {
                AuditRecord record = records.get(i);
                events[i] = record.eventId();
                credentials[i] = record.credentialId();
                secrets[i] = record.secretId();
                versions[i] = record.version();
                actions[i] = record.action().code();
                outcomes[i] = record.outcome().code();
                addresses[i] = record.address() == null
                        ? null
                        : Buffer.buffer(record.address().bytes());
                expires[i] = record.expiresAtMicros();
                details[i] = record.details() == null ? null : record.details().encode();
            }
            return Tuple.tuple()
                    .addArrayOfUUID(orgs.stream().map(AuditRecord::orgId).toArray(UUID[]::new))
                    .addArrayOfLong(orgs.stream().map(AuditRecord::epoch).toArray(Long[]::new))
                    .addArrayOfUUID(
                            environments.stream().map(AuditRecord::orgId).toArray(UUID[]::new))
                    .addArrayOfUUID(environments.stream()
                            .map(AuditRecord::environmentId)
                            .toArray(UUID[]::new))
                    .addArrayOfLong(environments.stream()
                            .map(AuditRecord::environmentVersion)
                            .toArray(Long[]::new))
                    .addArrayOfUUID(events)
                    .addArrayOfShort(orgAt)
                    .addArrayOfUUID(credentials)
                    .addArrayOfShort(environmentAt)
                    .addArrayOfUUID(secrets)
                    .addArrayOfLong(versions)
                    .addArrayOfShort(actions)
                    .addArrayOfShort(outcomes)
                    .addArrayOfBuffer(addresses)
                    .addArrayOfLong(expires)
                    .addArrayOfString(details);
        }

        Verdict[] verdicts(Boolean[] orgsHeld, Boolean @Nullable [] environmentsHeld, long nowMicros) {
            Verdict[] verdicts = new Verdict[records.size()];
            for (int i = 0; i < verdicts.length; i++) {
                int environment = environmentAt[i];
                if (!orgsHeld[orgAt[i] - 1]) {
                    verdicts[i] = Verdict.AUTHORITY_MOVED;
                } else if (environment > 0 && (environmentsHeld == null || !environmentsHeld[environment - 1])) {
                    verdicts[i] = Verdict.ENVIRONMENT_MOVED;
                } else if (records.get(i).expiresAtMicros() <= nowMicros) {
                    verdicts[i] = Verdict.EXPIRED;
                } else {
                    verdicts[i] = Verdict.GOOD;
                }
            }
            return verdicts;
        }
    }
}
