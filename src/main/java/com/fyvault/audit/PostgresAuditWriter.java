package com.fyvault.audit;

import com.fyvault.platform.postgres.Everywhere;
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
 * <p>A batch is sent as its few actors and places, each once, and its events, which point at them by position. So the check
 * costs one look-up an actor and one a place. A record that is folded into a count has action 0: it is checked and not
 * written. Arrays of fixed-width elements are read by subscript and stored as they came: one row is what a batch recorded
 * for one organization, which costs PostgreSQL half of what a row a record did (docs/BENCHMARKS.md).
 *
 * <p>Nearly always all holds, so the first statement writes if it does and says no more. Only when something does not is
 * the second asked, which says what became of each. What a batch has used is noted once it stands.
 */
public final class PostgresAuditWriter implements AuditWriter {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresAuditWriter.class);
    private static final long RETRY_MILLIS = 200;
    /** A connection may be taken and then not answered, by a host that is cut off or a proxy with nothing behind it. */
    private static final long CONNECT_MILLIS = 1_500;
    /** Beyond this many answers outstanding the store is not keeping up and further batches are refused. */
    private static final int MOST_UNDER_WAY = 64;

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
        // A batch is of as many organizations as have asked.
        this.options = Everywhere.connecting(new PgConnectOptions(options).setProperties(properties));
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
        Future<Verdict[]> written = batch.hasRows() ? writeIfAllHolds(now, batch) : writeAndTell(now, batch);
        return written.onComplete(done -> underWay--);
    }

    private Future<Verdict[]> writeIfAllHolds(PgConnection now, PostgresAuditBatch batch) {
        return now.preparedQuery(AuditStatements.WRITE_IF_ALL_HOLDS)
                .execute(batch.parameters())
                .compose(rows -> {
                    if (rows.size() == 0) {
                        return writeAndTell(now, batch);
                    }
                    return Future.succeededFuture(
                            noted(batch, batch.allGood(), rows.iterator().next().getLong(0)));
                });
    }

    private Future<Verdict[]> writeAndTell(PgConnection now, PostgresAuditBatch batch) {
        return now.preparedQuery(AuditStatements.WRITE_AND_TELL)
                .execute(batch.parameters())
                .map(rows -> {
                    Row row = rows.iterator().next();
                    Verdict[] verdicts =
                            batch.verdicts(row.getArrayOfShorts(0), row.getArrayOfShorts(1), row.getArrayOfShorts(2));
                    return noted(batch, verdicts, row.getLong(3));
                });
    }

    private Verdict[] noted(PostgresAuditBatch batch, Verdict[] verdicts, long atMicros) {
        BatchUses.note(uses, batch.came(), verdicts, atMicros);
        return verdicts;
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
