package com.fyvault.federation;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.purge.PostgresBatches;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;

/** Forgets identity tokens that were used up and have expired since: they are refused for that now. */
public final class PostgresUsedIdentities implements PurgeRound {
    // Across organizations on purpose: age is all that counts, and the batch is bounded. An hour more than it needs.
    private static final String EXPIRED = """
            delete from used_identity where ctid = any(array(
                select ctid from used_identity where expires_at < (select clock_timestamp()) - interval '1 hour'
                 order by expires_at limit 1000))
            """;

    private final PostgresBatches batches;

    public PostgresUsedIdentities(Database database) {
        Everywhere everywhere = database.everywhere();
        this.batches = new PostgresBatches(everywhere::query);
    }

    @Override
    public Future<Integer> purge() {
        return batches.delete(EXPIRED);
    }
}
