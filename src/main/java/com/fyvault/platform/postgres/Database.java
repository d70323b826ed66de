package com.fyvault.platform.postgres;

import com.fyvault.platform.config.PostgresSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * PostgreSQL for everything but the audited release, with a bound on each wait: for a connection,
 * for a statement (the server's own limit), and for the whole (a stopped server enforces nothing,
 * so the clock here does). A statement that outlives its caller finishes alone and returns its
 * connection; a transaction that outlives its caller is rolled back, never committed behind a 503.
 *
 * <p>What is asked names its organization: the policies of the tables show no row of another one, whatever the statement
 * says (docs/decisions/row-level-security.md).
 *
 * <p>A way to PostgreSQL that is cut without a word is noticed by the same clock ({@link LivePool}).
 */
public final class Database {
    private static final String NONE = "";
    private static final String UNSORTED = ";set local enable_sort = off";

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

    /** One prepared statement that sees and writes rows of this organization, and of no other one. */
    public Future<RowSet<Row>> query(UUID orgId, String sql, Tuple parameters) {
        return seeing(orgId.toString(), sql, parameters);
    }

    /**
     * The same for a statement that walks down an index and stops early. PostgreSQL may not sort instead: where it expects few
     * rows it would fetch all there are, however soon the walk ends, and it learns late how a table has grown.
     */
    public Future<RowSet<Row>> walk(UUID orgId, String sql, Tuple parameters) {
        return alone(see(orgId.toString()) + UNSORTED, sql, parameters);
    }

    /** One prepared statement on what belongs to no organization. Of tables that do, it sees no row. */
    public Future<RowSet<Row>> query(String sql, Tuple parameters) {
        return pool.within(deadlineMillis, pool.get().preparedQuery(sql).execute(parameters));
    }

    /**
     * Runs the work between BEGIN and COMMIT, within this organization.
     *
     * @return the work's result, once committed; fails with {@link OutcomeUnknown} when the answer
     *     to COMMIT was lost, and otherwise with the work's own failure, rolled back
     */
    public <T> Future<T> inTransaction(UUID orgId, Function<Transaction, Future<T>> work) {
        return inTransactionOf(orgId.toString(), work);
    }

    /** The same for work on what belongs to no organization; it may enter one ({@link Transaction#enter}). */
    public <T> Future<T> inTransaction(Function<Transaction, Future<T>> work) {
        return inTransactionOf(NONE, work);
    }

    /** The same over all organizations, for the few that may. */
    public Everywhere everywhere() {
        return new Everywhere(this);
    }

    /** One statement that sees the rows of an organization, or of every one. */
    Future<RowSet<Row>> seeing(String seen, String sql, Tuple parameters) {
        return alone(see(seen), sql, parameters);
    }

    /** One statement in a transaction of its own. All three messages leave at once, so the wall costs no round trip. */
    private Future<RowSet<Row>> alone(String settings, String sql, Tuple parameters) {
        Future<RowSet<Row>> run = pool.get().getConnection().compose(connection -> {
            Future<?> begun = connection.query("begin;" + settings).execute();
            Future<RowSet<Row>> asked = connection.preparedQuery(sql).execute(parameters);
            Future<?> ended = connection.query("commit").execute();
            return Future.join(begun, asked, ended)
                    .transform(done -> asked.failed() || done.succeeded() ? asked : Future.failedFuture(done.cause()))
                    .eventually(connection::close);
        });
        return pool.within(deadlineMillis, run);
    }

    <T> Future<T> inTransactionOf(String seen, Function<Transaction, Future<T>> work) {
        AtomicBoolean abandoned = new AtomicBoolean();
        AtomicBoolean committing = new AtomicBoolean();
        Future<T> run = pool.get().getConnection().compose(connection -> {
            Transaction transaction = new Transaction(connection, pool, seen);
            return connection
                    .begin()
                    .compose(begun -> within(connection, seen, () -> work.apply(transaction))
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
                    .onSuccess(committed -> transaction.committed())
                    .eventually(connection::close);
        });
        return pool.within(deadlineMillis, run).recover(failure -> {
            abandoned.set(true);
            boolean doubt = committing.get() && failure instanceof TimeoutException;
            return Future.failedFuture(doubt ? new OutcomeUnknown() : failure);
        });
    }

    /** The work's first statement leaves right behind the setting, which is not waited for: PostgreSQL runs them in this order. */
    private static <T> Future<T> within(SqlConnection connection, String seen, Supplier<Future<T>> work) {
        Future<?> set = seen.equals(NONE)
                ? Future.succeededFuture()
                : connection.query(see(seen)).execute();
        Future<T> worked = work.get();
        return worked.transform(done -> set.compose(within -> worked));
    }

    /** A word of ours or a UUID, so nothing in it needs quoting. SET takes no parameters. */
    private static String see(String seen) {
        return "set local " + Everywhere.SETTING + " = '" + seen + "'";
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
