package com.fyvault.platform.postgres;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a failed statement means: an outage that may pass, a conflict that the caller caused, or a bug. */
public final class StoreFailure {
    /** SQLSTATE classes that say "not now": connection, resources, operator, lock, serialisation, read-only, rights. */
    private static final Set<String> OUTAGE_CLASSES = Set.of("08", "53", "55", "57", "58", "40", "25", "42501", "28");

    private StoreFailure() {}

    /** True when the store was away, full, slow, or took its rights back: 503. */
    public static boolean isOutage(Throwable failure) {
        if (failure instanceof PgException pg) {
            @Nullable String state = pg.getSqlState();
            return state != null
                    && state.length() == 5
                    && (OUTAGE_CLASSES.contains(state.substring(0, 2)) || OUTAGE_CLASSES.contains(state));
        }
        return failure instanceof ClosedConnectionException
                || failure instanceof TimeoutException
                || failure instanceof IOException
                || (failure instanceof VertxException && !(failure instanceof io.vertx.sqlclient.DatabaseException));
    }

    /** True when the unique index or constraint of this name refused the row. */
    public static boolean violates(Throwable failure, String constraint) {
        return failure instanceof PgException pg && constraint.equals(pg.getConstraint());
    }

    /** Class and SQLSTATE: never the message, which may quote parameters. */
    public static String describe(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return failure instanceof PgException pg ? name + " " + pg.getSqlState() : name;
    }

    /** The failure fit for a log: its stack without messages that could quote a value. */
    public static Throwable scrub(Throwable failure) {
        Throwable scrubbed = new RuntimeException(describe(failure));
        scrubbed.setStackTrace(failure.getStackTrace());
        return scrubbed;
    }
}
