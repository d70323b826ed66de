package com.fyvault.support;

import com.fyvault.platform.CanIgnoreReturnValue;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database of a test's own; the superuser's hands in it. */
public final class TestDatabase implements AutoCloseable {
    private static final int VALID_SECONDS = 5;

    private final TestPostgres server;
    private final String name;
    private @Nullable Connection kept;

    TestDatabase(TestPostgres server, String name) {
        this.server = server;
        this.name = name;
    }

    public TestPostgres server() {
        return server;
    }

    public String name() {
        return name;
    }

    public Map<String, String> settings() {
        return server.settings(name);
    }

    /** A connection of the caller's own. */
    public Connection superuser() throws SQLException {
        return server.superuser(name);
    }

    /** Runs one statement as the superuser; the number of rows that it changed. */
    @CanIgnoreReturnValue
    public synchronized int execute(String sql, @Nullable Object... parameters) {
        try (PreparedStatement statement = prepared(connection(), sql, parameters)) {
            return statement.execute() ? 0 : statement.getUpdateCount();
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    /** The rows of a query as the superuser, by lower-case column name. */
    public synchronized List<Map<String, Object>> query(String sql, @Nullable Object... parameters) {
        try (PreparedStatement statement = prepared(connection(), sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<Map<String, Object>> all = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                Map<String, Object> row = new HashMap<>();
                for (int i = 1; i <= columns; i++) {
                    row.put(rows.getMetaData().getColumnLabel(i).toLowerCase(Locale.ROOT), rows.getObject(i));
                }
                all.add(row);
            }
            return all;
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    /** The one number that a query answers with. */
    public long count(String sql, @Nullable Object... parameters) {
        return ((Number) query(sql, parameters).get(0).values().iterator().next()).longValue();
    }

    @Override
    public void close() {
        server.execute("postgres", "drop database if exists " + name + " with (force)");
    }

    private Connection connection() throws SQLException {
        // The server may have been killed since.
        if (kept == null || !kept.isValid(VALID_SECONDS)) {
            kept = superuser();
        }
        return kept;
    }

    private static PreparedStatement prepared(Connection connection, String sql, @Nullable Object[] parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
