package com.fyvault.purge;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.function.BiFunction;

/**
 * Deletes what is old in batches, until nothing is left of it or the round has had enough of them.
 *
 * <p>What is old or due is looked for with {@code column < (select clock_timestamp())}, in the order of that column. The
 * running clock is another one for each row, so it can bound no index and the whole table is read; asked once, it can. The
 * order is there for the planner, who cannot know how few are old, and would otherwise read the table until it has a batch.
 *
 * @param door to the database: of no organization, or to all of them
 */
public record PostgresBatches(BiFunction<String, Tuple, Future<RowSet<Row>>> door) {
    private static final int MOST = 100;

    /**
     * Repeats a deletion, which bounds its own batch.
     *
     * @return how many rows have gone
     */
    public Future<Integer> delete(String sql) {
        return delete(sql, 0, MOST);
    }

    private Future<Integer> delete(String sql, int gone, int batchesLeft) {
        if (batchesLeft == 0) {
            return Future.succeededFuture(gone);
        }
        return door.apply(sql, Tuple.tuple())
                .compose(rows -> rows.rowCount() == 0
                        ? Future.succeededFuture(gone)
                        : delete(sql, gone + rows.rowCount(), batchesLeft - 1));
    }
}
