package com.fyvault.platform.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** An open transaction. Use cases hand it on; only Postgres adapters look inside. */
public final class Transaction {
    private static final String SEE = "select set_config('" + Everywhere.SETTING + "', $1, true)";

    private final SqlConnection connection;
    private final LivePool pool;
    /** Whose rows it sees: an organization's, all, or none. */
    private String seen;

    private final List<Runnable> news = new ArrayList<>(1);

    Transaction(SqlConnection connection, LivePool pool, String seen) {
        this.connection = connection;
        this.pool = pool;
        this.seen = seen;
    }

    /** Runs one prepared statement inside the transaction. */
    public Future<RowSet<Row>> query(String sql, Tuple parameters) {
        return connection.preparedQuery(sql).execute(parameters).onSuccess(rows -> pool.answered());
    }

    /**
     * What runs once this is committed, not waited for: a hint to somebody who would find out anyway. When the answer to COMMIT
     * is lost it does not run.
     */
    public void onCommit(Runnable hint) {
        news.add(hint);
    }

    void committed() {
        news.forEach(Runnable::run);
    }

    /** From here on the transaction sees and writes rows of this organization, and of no other one. */
    public Future<Void> enter(UUID orgId) {
        return see(orgId.toString());
    }

    /** One prepared statement that sees other rows; what follows it sees what was seen before. All three messages leave at once. */
    Future<RowSet<Row>> querySeeing(String other, String sql, Tuple parameters) {
        String before = seen;
        Future<?> widened = see(other);
        Future<RowSet<Row>> asked = query(sql, parameters);
        Future<?> narrowed = see(before);
        return Future.join(widened, asked, narrowed)
                .transform(done -> asked.failed() || done.succeeded() ? asked : Future.failedFuture(done.cause()));
    }

    private Future<Void> see(String next) {
        seen = next;
        return query(SEE, Tuple.of(next)).mapEmpty();
    }
}
