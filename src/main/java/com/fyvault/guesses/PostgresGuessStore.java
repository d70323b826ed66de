package com.fyvault.guesses;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.purge.PostgresBatches;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * Guesses in PostgreSQL, each with its time, so that the window slides and no border lets more through. Guesses at the
 * same subject wait for one another at its row, on whatever node they are. No organization is named: who logs in has
 * none yet.
 */
public final class PostgresGuessStore implements GuessStore, PurgeRound {
    // The row is locked before it is looked at: the condition sees every guess that was counted before this one.
    private static final String COUNT = """
            insert into guess as g (subject, times, last_at)
            select $1, array[now.at], now.at from clock_timestamp() as now(at)
            on conflict (subject) do update
               set times = (select array_agg(t) from unnest(g.times) as t where t > excluded.last_at - $3 * interval '1 second')
                           || excluded.last_at,
                   last_at = greatest(g.last_at, excluded.last_at)
             where (select count(*) from unnest(g.times) as t
                     where t > excluded.last_at - $3 * interval '1 second') < $2
            returning subject
            """;
    // The guess that must leave the window before there is room for one more.
    private static final String WAIT = """
            select ceil(extract(epoch from t - clock_timestamp()))::int + $3 as seconds
              from guess g, unnest(g.times) as t where g.subject = $1
             order by t desc offset $2 - 1 limit 1
            """;
    private static final String OLD = """
            delete from guess where subject = any(array(
                select subject from guess where last_at < (select clock_timestamp()) - interval '1 day'
                 order by last_at limit 1000 for update skip locked))
            """;

    private static final String FORGET = "delete from guess where subject = $1";

    private final Database database;
    private final PostgresBatches batches;

    public PostgresGuessStore(Database database) {
        this.database = database;
        this.batches = new PostgresBatches(database::query);
    }

    @Override
    public Future<Duration> count(byte[] subject, Bound bound) {
        return count(database::query, subject, bound);
    }

    @Override
    public Future<Duration> count(Transaction transaction, byte[] subject, Bound bound) {
        return count(transaction::query, subject, bound);
    }

    private static Future<Duration> count(
            BiFunction<String, Tuple, Future<RowSet<Row>>> asked, byte[] subject, Bound bound) {
        Tuple values = Tuple.of(
                Buffer.buffer(subject), bound.most(), (int) bound.window().toSeconds());
        return asked.apply(COUNT, values)
                .compose(rows -> rows.size() == 1 ? Future.succeededFuture(Duration.ZERO) : untilNext(asked, values));
    }

    @Override
    public Future<Void> forget(byte[] subject) {
        return database.query(FORGET, Tuple.of(Buffer.buffer(subject))).mapEmpty();
    }

    /** A second at least: by now there may be room, but this guess was not counted. */
    private static Future<Duration> untilNext(BiFunction<String, Tuple, Future<RowSet<Row>>> asked, Tuple values) {
        return asked.apply(WAIT, values)
                .map(rows -> Duration.ofSeconds(
                        rows.size() == 0
                                ? 1
                                : Math.max(1, rows.iterator().next().getInteger("seconds"))));
    }

    /** Forgets subjects that nobody has guessed at for a day, longer than any window. */
    @Override
    public Future<Integer> purge() {
        return batches.delete(OLD);
    }
}
