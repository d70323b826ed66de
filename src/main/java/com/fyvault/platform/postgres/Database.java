package com.fyvault.platform.postgres;

import com.fyvault.platform.config.PostgresSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * PostgreSQL for everything but the audited release, with a bound on each wait: for a connection,
 * for a statement (the server's own limit), and for the whole (a stopped server enforces nothing,
 * so the clock here does). A statement that outlives its caller finishes alone and returns its
 * connection; a transaction that outlives its caller is rolled back, never committed behind a 503.
 *
 * <p>A connection on which nothing comes back, nor an end, is given up after a while: without that each cut of
 * the way to PostgreSQL would take some of the pool with it for good. What rests in the pool is closed sooner,
 * so that nobody is handed one that is about to be given up.
 */
public final class Database {
    private static final int SILENT_SECONDS = 10;
    private static final int RESTING_SECONDS = 5;

    private final Pool pool;
    private final long deadlineMillis;

    /**
     * Connects lazily; fails no earlier than the first statement.
     *
     * @param name of the pool; pools of one name in one Vert.x are one
     */
    public Database(Vertx vertx, PostgresSettings settings, String name) {
        PoolOptions options = new PoolOptions()
                .setMaxSize(settings.poolSize())
                .setMaxWaitQueueSize(settings.waitQueue())
                .setConnectionTimeout((int) settings.acquireTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(RESTING_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setName(name)
                .setShared(true);
        NetClientOptions transport = new NetClientOptions()
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(SILENT_SECONDS))
                .setReadIdleTimeout(SILENT_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        this.pool = PgBuilder.pool()
                .with(options)
                .with(transport)
                .connectingTo(settings.application())
                .using(vertx)
                .build();
        this.deadlineMillis = settings.deadline().toMillis();
    }

    /** One prepared statement on a pooled connection. */
    public Future<RowSet<Row>> query(String sql, Tuple parameters) {
        return pool.preparedQuery(sql).execute(parameters).timeout(deadlineMillis, TimeUnit.MILLISECONDS);
    }

    /**
     * Runs the work between BEGIN and COMMIT.
     *
     * @return the work's result, once committed; fails with {@link OutcomeUnknown} when the answer
     *     to COMMIT was lost, and otherwise with the work's own failure, rolled back
     */
    public <T> Future<T> inTransaction(Function<Transaction, Future<T>> work) {
        AtomicBoolean abandoned = new AtomicBoolean();
        AtomicBoolean committing = new AtomicBoolean();
        Future<T> run = pool.getConnection()
                .compose(connection -> connection
                        .begin()
                        .compose(begun -> work.apply(new Transaction(connection))
                                .compose(result -> {
                                    if (abandoned.get()) {
                                        return Future.failedFuture(new TimeoutException());
                                    }
                                    committing.set(true);
                                    return begun.commit().map(result).recover(Database::doubtful);
                                })
                                .recover(failure -> committing.get()
                                        ? Future.failedFuture(failure)
                                        : begun.rollback().transform(rolledBack -> Future.failedFuture(failure))))
                        .eventually(connection::close));
        return run.timeout(deadlineMillis, TimeUnit.MILLISECONDS).recover(failure -> {
            abandoned.set(true);
            boolean doubt = committing.get() && failure instanceof TimeoutException;
            return Future.failedFuture(doubt ? new OutcomeUnknown() : failure);
        });
    }

    /** Closes every connection. */
    public Future<Void> close() {
        return pool.close();
    }

    private static <T> Future<T> doubtful(Throwable failure) {
        boolean refused = failure instanceof io.vertx.pgclient.PgException;
        return Future.failedFuture(refused ? failure : new OutcomeUnknown());
    }
}
