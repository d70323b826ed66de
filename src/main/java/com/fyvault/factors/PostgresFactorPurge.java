package com.fyvault.factors;

import com.fyvault.platform.postgres.Database;
import com.fyvault.purge.PostgresBatches;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;

/// Forgets challenges that were answered, and secrets that no first code has confirmed, when they are over anyway.
public final class PostgresFactorPurge implements PurgeRound {
    // Across people on purpose: age is all that counts, and the batch is bounded. Both wait far longer than they must.
    private static final String CHALLENGES = """
            delete from spent_challenge where ctid = any(array(
                select ctid from spent_challenge where spent_at < (select clock_timestamp()) - interval '1 hour'
                 order by spent_at limit 1000))
            """;
    private static final String WAITING = """
            delete from totp where confirmed_at is null and ctid = any(array(
                select ctid from totp where confirmed_at is null and created_at < clock_timestamp() - interval '1 day'
                 limit 1000))
            """;

    private final PostgresBatches batches;

    public PostgresFactorPurge(Database database) {
        this.batches = new PostgresBatches(database::query);
    }

    @Override
    public Future<Integer> purge() {
        return batches.delete(CHALLENGES)
                .compose(challenges -> batches.delete(WAITING).map(waiting -> challenges + waiting));
    }
}
