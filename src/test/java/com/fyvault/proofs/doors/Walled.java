package com.fyvault.proofs.doors;

import com.fyvault.support.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A connection as one of the roles of an installation, with one organization set, that tries what it should not. */
final class Walled implements AutoCloseable {
    /** Never set, as on a connection that has done nothing yet. */
    static final String UNSET = "unset";

    static final String WALK = """
            select count(*) from audit_walk(?, '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff',
                                            'ffffffff-ffff-ffff-ffff-ffffffffffff', null, null, null, 1000)
            """;
    private static final String REFUSED = "42501";

    private final Connection connection;
    private final boolean owner;

    /** What was asked, and where the answer was not what it should be. */
    static final class Tally {
        private final List<String> wrong = new ArrayList<>();
        private long asked;
        private long refused;

        void expect(String what, long found, long right) {
            asked++;
            if (found != right) {
                wrong.add(what + ": " + found + ", not " + right);
            }
        }

        List<String> wrong() {
            return wrong;
        }

        long asked() {
            return asked;
        }

        long refused() {
            return refused;
        }
    }

    /** @param role what the settings of its name and password begin with */
    Walled(TestDatabase database, String role, String seen) {
        Map<String, String> settings = database.settings();
        this.owner = role.endsWith("owner");
        String url = "jdbc:postgresql://" + settings.get("postgres.host") + ":" + settings.get("postgres.port") + "/"
                + database.name();
        try {
            connection =
                    DriverManager.getConnection(url, settings.get(role + ".user"), settings.get(role + ".password"));
            connection.setAutoCommit(false);
            if (!seen.equals(UNSET)) {
                var _ = run("set fyvault.org = '" + seen + "'");
                connection.commit();
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The one number that a query answers with. */
    long count(String sql, Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                boolean _ = rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    /** True when asking for the rows of a table is an error: the setting is not there (42704), or empty (22P02). */
    boolean isShut(String table) {
        try {
            return count("select count(*) from " + table) < 0;
        } catch (IllegalStateException failure) {
            return failure.getCause() instanceof SQLException sql
                    && List.of("42704", "22P02").contains(sql.getSQLState());
        } finally {
            rollBack();
        }
    }

    /** Reads, changes, removes and makes rows of an organization that is not the one set. */
    void attack(String table, UUID theirs, Tally tally) {
        String of = " where org_id = '" + theirs + "'";
        tally.expect(table + " select", count("select count(*) from " + table + of), 0);
        tally.expect(
                table + " not of ours",
                count("select count(*) from " + table + " where org_id <> "
                        + "nullif(current_setting('fyvault.org'), '')::uuid"),
                0);
        mustNotTouch(tally, table + " update", "update " + table + " set org_id = org_id" + of);
        mustNotTouch(tally, table + " delete", "delete from " + table + of);
        if (count("select count(*) from " + table) > 0) {
            String copy = "insert into " + table + " select (jsonb_populate_record(null::" + table
                    + ", to_jsonb(t) || jsonb_build_object('org_id', '" + theirs + "'))).* from " + table
                    + " t limit 1";
            mustBeRefused(tally, table + " insert", copy);
            mustBeRefused(tally, table + " move", "update " + table + " set org_id = '" + theirs + "'");
        }
    }

    @Override
    public void close() {
        try {
            connection.rollback();
            connection.close();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Nothing of theirs is found; what the role may not do at all is refused. */
    private void mustNotTouch(Tally tally, String what, String sql) {
        tally.expect(what, tried(tally, sql, false), 0);
    }

    private void mustBeRefused(Tally tally, String what, String sql) {
        tally.expect(what, tried(tally, sql, owner), -1);
    }

    /**
     * The rows that were changed, and changes them back; -1 for a refusal.
     *
     * @param byThePolicy whether only a refusal by a policy counts as one
     */
    private long tried(Tally tally, String sql, boolean byThePolicy) {
        try {
            return run(sql);
        } catch (SQLException failure) {
            boolean policy = String.valueOf(failure.getMessage()).contains("row-level security policy");
            if (REFUSED.equals(failure.getSQLState()) && (policy || !byThePolicy)) {
                tally.refused++;
                // No right to do so is as good as no row.
                return policy || sql.startsWith("insert") || sql.contains("set org_id = '") ? -1 : 0;
            }
            throw new IllegalStateException(sql, failure);
        } finally {
            rollBack();
        }
    }

    private int run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
