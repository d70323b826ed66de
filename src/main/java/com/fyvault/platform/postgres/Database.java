package com.fyvault.platform.postgres;

import com.fyvault.platform.config.PostgresSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * PostgreSQL for everything but the audited release, with a bound on each wait: for a connection,
 * for a statement (the server's own limit), and for the whole (a stopped server enforces nothing,
 * so the clock here does). A statement that outlives its caller finishes alone and returns its
 * connection; a transaction that outlives its caller is rolled back, never committed behind a 503.
 *
 * <p>A way to PostgreSQL that is cut without a word is noticed by the same clock ({@link LivePool}).
 */
public final class Database {
    private final LivePool pool;
    private final long deadlineMillis;

    /**
     * Connects lazily; fails no earlier than the first statement.
     *
     * @param name of the pool, for whoever looks
     */
    public Database(Vertx vertx, PostgresSettings settings, String name) {
        this.pool = new LivePool(vertx, settings, name);
        this.deadlineMillis = settings.deadline().toMillis();
    }

    /** One prepared statement on a pooled connection. */
    public Future<RowSet<Row>> query(String sql, Tuple parameters) {
        return pool.within(deadlineMillis, pool.get().preparedQuery(sql).execute(parameters));
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
        Future<T> run = pool.get()
                .getConnection()
                .compose(connection -> connection
                        .begin()
                        .compose(begun -> work.apply(new Transaction(connection, pool))
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
        return pool.within(deadlineMillis, run).recover(failure -> {
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
        boolean refused = failure instanceof PgException;
        return Future.failedFuture(refused ? failure : new OutcomeUnknown());
    }
}
