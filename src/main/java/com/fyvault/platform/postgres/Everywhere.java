package com.fyvault.platform.postgres;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The door in the wall between organizations: statements that see the rows of every one. For what is by its nature of
 * none, such as finding out which organization a token belongs to. TenancyTest lists who may pass here, and why.
 */
public final class Everywhere {
    static final String SETTING = "fyvault.org";
    static final String EVERY = "every";

    private final Database database;

    Everywhere(Database database) {
        this.database = database;
    }

    /** One prepared statement over all organizations. */
    public Future<RowSet<Row>> query(String sql, Tuple parameters) {
        return database.seeing(EVERY, sql, parameters);
    }

    /** As {@link Database#inTransaction}, over all organizations. */
    public <T> Future<T> inTransaction(Function<Transaction, Future<T>> work) {
        return database.inTransactionOf(EVERY, work);
    }

    /** One prepared statement of a transaction over all organizations; what follows it sees what was seen before. */
    public Future<RowSet<Row>> query(Transaction transaction, String sql, Tuple parameters) {
        return transaction.querySeeing(EVERY, sql, parameters);
    }

    /** The same options for a connection that is always over all organizations. */
    public static PgConnectOptions connecting(PgConnectOptions options) {
        Map<String, String> properties = new HashMap<>(options.getProperties());
        properties.put(SETTING, EVERY);
        return new PgConnectOptions(options).setProperties(properties);
    }
}
