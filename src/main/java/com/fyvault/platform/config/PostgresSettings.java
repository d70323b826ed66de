package com.fyvault.platform.config;

import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL, seen by two roles: the application's, which reads and writes rows, and the owner's,
 * which migrates. A server without the owner's password does not migrate.
 *
 * @param waitQueue requests that may wait for a connection; one more is refused at once
 * @param acquireTimeout the longest wait for a connection
 * @param statementTimeout the limit PostgreSQL itself enforces
 * @param deadline the limit for a whole exchange, kept by the clock here: a stopped server keeps none
 */
public record PostgresSettings(
        String host,
        int port,
        String database,
        String user,
        String password,
        @Nullable String ownerUser,
        @Nullable String ownerPassword,
        int poolSize,
        int waitQueue,
        Duration acquireTimeout,
        Duration statementTimeout,
        Duration deadline) {

    public static PostgresSettings from(Config config) {
        return new PostgresSettings(
                config.text("postgres.host", "127.0.0.1"),
                config.number("postgres.port", 5432, 1, 65_535),
                config.text("postgres.database", "fyvault"),
                config.text("postgres.user", "fyvault_app"),
                config.text("postgres.password", ""),
                config.optionalText("postgres.owner.user"),
                config.optionalText("postgres.owner.password"),
                config.number("postgres.pool.size", 8, 1, 256),
                config.number("postgres.wait.queue", 256, 1, 65_536),
                config.millis("postgres.acquire.timeout.millis", 500, 10, 10_000),
                config.millis("postgres.statement.timeout.millis", 1_400, 10, 60_000),
                config.millis("postgres.deadline.millis", 1_600, 20, 120_000));
    }

    /** How the application's role connects. */
    public PgConnectOptions application() {
        return new PgConnectOptions()
                .setHost(host)
                .setPort(port)
                .setDatabase(database)
                .setUser(user)
                .setPassword(password)
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(256)
                .setPreparedStatementCacheSqlLimit(8_192)
                .setPipeliningLimit(64)
                .setProperties(Map.of(
                        "application_name",
                        "fyvault",
                        "statement_timeout",
                        Long.toString(statementTimeout.toMillis()),
                        "lock_timeout",
                        Long.toString(statementTimeout.toMillis()),
                        "idle_in_transaction_session_timeout",
                        Long.toString(deadline.toMillis() * 2),
                        "timezone",
                        "UTC",
                        "jit",
                        "off"));
    }

    /** The same with another size of pool. */
    public PostgresSettings withPoolSize(int size) {
        return new PostgresSettings(
                host,
                port,
                database,
                user,
                password,
                ownerUser,
                ownerPassword,
                size,
                waitQueue,
                acquireTimeout,
                statementTimeout,
                deadline);
    }

    /** The address for the JDBC driver, which migrations use. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    @Override
    public String toString() {
        return "PostgresSettings[" + user + "@" + host + ":" + port + "/" + database + "]";
    }
}
