package com.fyvault.support;

/**
 * Moves the clock of a database away from that of its nodes: the application finds a function of this name before the
 * server's own. What a test has moved, every connection sees at once.
 */
public final class DatabaseClock {
    private final TestDatabase database;

    /** For connections of the application that are made from now on; the clock is right at first. */
    public DatabaseClock(TestDatabase database) {
        this.database = database;
        String role = database.settings().get("postgres.user");
        database.execute("create schema skew");
        database.execute("grant usage on schema skew to " + role);
        moveTo("0 seconds");
        database.execute("alter role " + role + " in database " + database.name()
                + " set search_path = skew, pg_catalog, public");
    }

    /** So far from the right time, as an interval of PostgreSQL's. */
    public void moveTo(String skew) {
        database.execute("create or replace function skew.clock_timestamp() returns timestamptz language sql volatile"
                + " as $$ select pg_catalog.clock_timestamp() + interval '" + skew + "' $$");
    }
}
