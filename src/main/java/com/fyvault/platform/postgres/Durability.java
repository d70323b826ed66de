package com.fyvault.platform.postgres;

import com.fyvault.platform.config.ConfigError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** Refuses a PostgreSQL that acknowledges what it has not written. */
public final class Durability {
    private static final String CHECK = """
            select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
                   current_setting('synchronous_commit') as synchronous_commit
            """;
    private static final List<String> SETTINGS = List.of("fsync", "full_page_writes", "synchronous_commit");
    /** A first connection is slow on a cold or busy machine; a start is worth some patience. */
    private static final int TRIES = 20;

    private static final long PAUSE_MILLIS = 250;

    private Durability() {}

    /** The same as {@link #ask}, patient with a PostgreSQL that is still coming up. */
    public static Future<Void> check(Vertx vertx, Database database) {
        return check(vertx, database, TRIES);
    }

    /** Succeeds when an acknowledged commit survives a crash. */
    public static Future<Void> ask(Database database) {
        return database.query(CHECK, Tuple.tuple()).map(rows -> {
            Row row = rows.iterator().next();
            for (String setting : SETTINGS) {
                if (row.getString(setting).equals("off")) {
                    throw new ConfigError(
                            "PostgreSQL runs with " + setting + " off: acknowledged writes could be lost");
                }
            }
            return null;
        });
    }

    private static Future<Void> check(Vertx vertx, Database database, int triesLeft) {
        return ask(database).recover(failure -> {
            if (triesLeft <= 1 || !StoreFailure.isOutage(failure)) {
                return Future.failedFuture(failure);
            }
            Promise<Void> pause = Promise.promise();
            vertx.setTimer(PAUSE_MILLIS, over -> pause.complete());
            return pause.future().compose(over -> check(vertx, database, triesLeft - 1));
        });
    }
}
