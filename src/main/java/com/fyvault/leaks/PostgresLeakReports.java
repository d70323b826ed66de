package com.fyvault.leaks;

import com.fyvault.platform.postgres.Database;
import com.fyvault.purge.PostgresBatches;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

/** Reports that were taken, in PostgreSQL. */
public final class PostgresLeakReports implements LeakReports, PurgeRound {
    private static final String TAKE = """
            insert into leak_report as r (digest) values ($1)
            on conflict (digest) do update set taken_at = clock_timestamp()
             where r.answered_at is null and r.taken_at < clock_timestamp() - interval '1 minute'
            """;
    private static final String ANSWERED = "update leak_report set answered_at = clock_timestamp() where digest = $1";
    private static final String GIVE_BACK = "delete from leak_report where digest = $1 and answered_at is null";
    private static final String OLD = """
            delete from leak_report where ctid = any(array(
                select ctid from leak_report where taken_at < now() - interval '%d days' order by taken_at limit 1000))
            """.formatted(KEPT_DAYS);

    private final Database database;

    public PostgresLeakReports(Database database) {
        this.database = database;
    }

    @Override
    public Future<Boolean> take(byte[] digest) {
        return with(TAKE, digest).map(rows -> rows.rowCount() == 1);
    }

    @Override
    public Future<Void> answered(byte[] digest) {
        return with(ANSWERED, digest).mapEmpty();
    }

    @Override
    public Future<Void> giveBack(byte[] digest) {
        return with(GIVE_BACK, digest).mapEmpty();
    }

    @Override
    public Future<Integer> purge() {
        return new PostgresBatches(database::query).delete(OLD);
    }

    private Future<RowSet<Row>> with(String sql, byte[] digest) {
        return database.query(sql, Tuple.of(Buffer.buffer(digest)));
    }
}
