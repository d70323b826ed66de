package com.fyvault.federation;

import com.fyvault.platform.postgres.Database;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/** Forgets identity tokens that were used up and have expired since: they are refused for that now. */
public final class PostgresUsedIdentities implements PurgeRound {
    // Across organizations on purpose: age is all that counts, and the batch is bounded. An hour more than it needs.
    private static final String EXPIRED = """
            delete from used_identity where ctid = any(array(
                select ctid from used_identity where expires_at < clock_timestamp() - interval '1 hour' limit 1000))
            """;
    private static final int MOST_BATCHES = 100;

    private final Database database;

    public PostgresUsedIdentities(Database database) {
        this.database = database;
    }

    @Override
    public Future<Integer> purge() {
        return purge(0, MOST_BATCHES);
    }

    private Future<Integer> purge(int gone, int batchesLeft) {
        if (batchesLeft == 0) {
            return Future.succeededFuture(gone);
        }
        return database.query(EXPIRED, Tuple.tuple())
                .compose(rows -> rows.rowCount() == 0
                        ? Future.succeededFuture(gone)
                        : purge(gone + rows.rowCount(), batchesLeft - 1));
    }
}
