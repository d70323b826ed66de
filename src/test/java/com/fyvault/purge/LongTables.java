package com.fyvault.purge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.support.Figures;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * A database with long tables, which counts the rows that somebody reads in it: those of every table that is read from its
 * beginning, and the entries of indexes. A statement that reads next to nothing else than what it takes has found it by an
 * index, whatever its plan is called.
 */
final class LongTables implements AutoCloseable {
    static final int MANY = 100_000;
    static final UUID ORG = UUID.fromString("00000000-0000-4000-8000-000000000001");
    static final String LATER = "now() + interval '1 day' + n * interval '1 second'";
    static final String BEFORE = "now() - interval '450 days' - n * interval '1 second'";

    private final Vertx vertx = Vertx.vertx();
    private final TestDatabase database = TestPostgres.shared().create();

    LongTables() {
        // Rows that are looked at for their time need nothing of what they refer to.
        database.execute("set session_replication_role = replica");
        database.execute("insert into org (org_id, name, slug) values (?, 'Long', 'long')", ORG);
        database.execute(
                "insert into project (org_id, project_id, name, name_key) values (?, ?, 'default', 'default')",
                ORG,
                ORG);
    }

    @Override
    public void close() {
        var _ = TestServer.await(vertx.close());
        database.close();
    }

    /**
     * Plants rows.
     *
     * @param into a table and its columns
     * @param values of the columns: {@code $at} is the time, {@code $key} and {@code $id} differ from row to row, {@code $org}
     *     is the organization and n the number of the row
     */
    void plant(String into, String values, String at, int many) {
        String row = values.replace("$at", at)
                .replace("$key", "sha256(('" + at.hashCode() + " ' || n)::bytea)")
                .replace("$id", "gen_random_uuid()")
                .replace("$org", "'" + ORG + "'");
        add("insert into " + into + " select " + row + " from generate_series(1, " + many + ") n");
    }

    void add(String insert) {
        assertThat(database.execute(insert)).isPositive();
    }

    long rows(String table) {
        return database.count("select count(*) from " + table);
    }

    /** Nothing is read but what is found, each of those a few times. */
    void readsNextToNothing(String name, int found, Function<Database, Future<?>> look) {
        database.execute("analyze");
        long before = read();
        long began = System.nanoTime();
        look(look);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        long read = read() - before;
        long most = 100 + 20L * found;
        Figures.print(new Figures.Line(
                "purge", name, found, MANY, read > most ? 1 : 0, "rows read=" + read + " ms=" + millis));
        assertThat(read).as(name).isLessThanOrEqualTo(most);
    }

    /** By connections of its own: what one has read is counted when it ends. */
    private void look(Function<Database, Future<?>> look) {
        Database asked = new Database(vertx, PostgresSettings.from(Config.of(database.settings())), "long-tables");
        var _ = TestServer.await(look.apply(asked).mapEmpty());
        var _ = TestServer.await(asked.close());
        while (database.count(
                        "select count(*) from pg_stat_activity where usename = ? and datname = ?",
                        database.settings().get("postgres.user"),
                        database.name())
                > 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private long read() {
        return database.count("select (select sum(seq_tup_read) from pg_stat_user_tables)"
                + " + (select sum(idx_tup_read) from pg_stat_user_indexes)");
    }
}
