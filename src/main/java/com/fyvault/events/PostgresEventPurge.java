package com.fyvault.events;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.purge.PostgresBatches;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;

/** Forgets events after a week. */
public final class PostgresEventPurge implements PurgeRound {
    // Across organizations on purpose: age is all that counts, and the batch is bounded.
    private static final String OLD = """
            delete from event where ctid = any(array(
                select ctid from event where at < now() - interval '%d days' order by at limit 1000))
            """.formatted(EventStore.KEPT_DAYS);

    private final PostgresBatches batches;

    public PostgresEventPurge(Database database) {
        Everywhere everywhere = database.everywhere();
        this.batches = new PostgresBatches(everywhere::query);
    }

    @Override
    public Future<Integer> purge() {
        return batches.delete(OLD);
    }
}
