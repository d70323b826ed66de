package com.fyvault.purge;

import com.fyvault.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/** Deletes what is old in batches, until nothing is left of it or the round has had enough of them. */
public record PostgresBatches(Database database) {
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
        return database.query(sql, Tuple.tuple())
                .compose(rows -> rows.rowCount() == 0
                        ? Future.succeededFuture(gone)
                        : delete(sql, gone + rows.rowCount(), batchesLeft - 1));
    }
}
