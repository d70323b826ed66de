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
    private final List<Runnable> news = new ArrayList<>(1);

    Transaction(SqlConnection connection, LivePool pool) {
        this.connection = connection;
        this.pool = pool;
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

    Future<Void> see(String seen) {
        return query(SEE, Tuple.of(seen)).mapEmpty();
    }
}
