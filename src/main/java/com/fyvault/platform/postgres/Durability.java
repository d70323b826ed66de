package com.fyvault.platform.postgres;

import com.fyvault.platform.config.ConfigError;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/** Refuses a PostgreSQL that acknowledges what it has not written. */
public final class Durability {
    private static final String CHECK = """
            select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
                   current_setting('synchronous_commit') as synchronous_commit
            """;

    /** The first connection of a cold process loads a thousand classes, which may take longer than a wait is allowed to. */
    private static final int ATTEMPTS = 20;

    private Durability() {}

    /** Succeeds when an acknowledged commit survives a crash. */
    public static Future<Void> check(Database database) {
        return attempt(database, 1);
    }

    private static Future<Void> attempt(Database database, int attempt) {
        return settings(database)
                .recover(failure -> StoreFailure.isOutage(failure) && attempt < ATTEMPTS
                        ? attempt(database, attempt + 1)
                        : Future.failedFuture(failure));
    }

    private static Future<Void> settings(Database database) {
        return database.query(CHECK, Tuple.tuple()).map(rows -> {
            Row row = rows.iterator().next();
            for (String setting : new String[] {"fsync", "full_page_writes", "synchronous_commit"}) {
                String value = row.getString(setting);
                if (value.equals("off")) {
                    throw new ConfigError(
                            "PostgreSQL runs with " + setting + " off: acknowledged writes could be lost");
                }
            }
            return null;
        });
    }
}
