package com.fyvault.platform.postgres;

import com.fyvault.platform.config.PostgresSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL for everything but the audited release, with a bound on each wait: for a connection,
 * for a statement (the server's own limit), and for the whole (a stopped server enforces nothing,
 * so the clock here does). A statement that outlives its caller finishes alone and returns its
 * connection; a transaction that outlives its caller is rolled back, never committed behind a 503.
 *
 * <p>When the way to PostgreSQL is cut and nobody says so, connections hang, also those that are just being
 * made, and take the pool with them. So a pool that has not answered anything for a second when a caller gives
 * up is put away as a whole, with all that hangs in it, and the next statement finds a new one.
 */
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int GIVEN_UP_SECONDS = 10;
    private static final int RESTING_SECONDS = 5;
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Vertx vertx;
    private final PostgresSettings settings;
    private final String name;
    private final long deadlineMillis;
    private final AtomicLong answeredAt = new AtomicLong(System.nanoTime());
    private final AtomicReference<Pool> pool;
    private int pools;

    /**
     * Connects lazily; fails no earlier than the first statement.
     *
     * @param name of the pool; pools of one name in one Vert.x are one
     */
    public Database(Vertx vertx, PostgresSettings settings, String name) {
        this.vertx = vertx;
        this.settings = settings;
        this.name = name;
        this.deadlineMillis = settings.deadline().toMillis();
        this.pool = new AtomicReference<>(open());
    }

    private synchronized Pool open() {
        PoolOptions options = new PoolOptions()
                .setMaxSize(settings.poolSize())
                .setMaxWaitQueueSize(settings.waitQueue())
                .setConnectionTimeout((int) settings.acquireTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(RESTING_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setName(name + "-" + ++pools)
                .setShared(true);
        // What hangs in a pool that was put away ends by this, and what rests in one before that.
        NetClientOptions transport = new NetClientOptions()
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(GIVEN_UP_SECONDS))
                .setReadIdleTimeout(GIVEN_UP_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        return PgBuilder.pool()
                .with(options)
                .with(transport)
                .connectingTo(settings.application())
                .using(vertx)
                .build();
    }

    /** Notes that there was an answer, or puts the pool away when there has been none for too long. */
    private void judge(Pool asked, @Nullable Throwable failure) {
        long now = System.nanoTime();
        if (failure == null || !StoreFailure.isSilence(failure)) {
            answeredAt.set(now);
            return;
        }
        long before = answeredAt.get();
        // Whoever sets the time gives the new pool as long as the old one had.
        if (now - before > SILENT_NANOS && asked.equals(pool.get()) && answeredAt.compareAndSet(before, now)) {
            pool.set(open());
            LOG.warn("PostgreSQL is silent: connections are made anew");
            asked.close().onFailure(hanging -> LOG.debug("already closed"));
        }
    }

    /** One prepared statement on a pooled connection. */
    public Future<RowSet<Row>> query(String sql, Tuple parameters) {
        Pool asked = pool.get();
        return asked.preparedQuery(sql)
                .execute(parameters)
                .timeout(deadlineMillis, TimeUnit.MILLISECONDS)
                .onComplete(done -> judge(asked, done.cause()));
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
        Pool asked = pool.get();
        Future<T> run = asked.getConnection()
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
        return run.timeout(deadlineMillis, TimeUnit.MILLISECONDS)
                .onComplete(done -> judge(asked, done.cause()))
                .recover(failure -> {
                    abandoned.set(true);
                    boolean doubt = committing.get() && failure instanceof TimeoutException;
                    return Future.failedFuture(doubt ? new OutcomeUnknown() : failure);
                });
    }

    /** Closes every connection. */
    public Future<Void> close() {
        return pool.get().close();
    }

    private static <T> Future<T> doubtful(Throwable failure) {
        boolean refused = failure instanceof PgException;
        return Future.failedFuture(refused ? failure : new OutcomeUnknown());
    }
}
