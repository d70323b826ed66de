package com.fyvault.purge;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/**
 * What the database needs now and then: the coming months' partitions of the audit trail, and an end
 * to Idempotency-Keys and to expired handles and codes after 24 hours. All may run on every node at once.
 */
public final class PostgresUpkeep implements PurgeRound {
    private static final String PARTITIONS = "select ensure_audit_partitions()";
    // Across organizations on purpose: age is all that counts, and the batch is bounded.
    private static final String OLD_KEYS = """
            delete from idempotency where ctid = any(array(
                select ctid from idempotency where created_at < (select clock_timestamp()) - interval '24 hours'
                 order by created_at limit 1000 for update skip locked))
            """;
    // A while after their time, so that the trail's readers find a handle that has just gone.
    private static final String OLD_HANDLES = """
            delete from handle where ctid = any(array(
                select ctid from handle where expires_at < (select clock_timestamp()) - interval '24 hours'
                 order by expires_at limit 1000 for update skip locked))
            """;

    // Until then a code that comes again ends what was made with it.
    private static final String OLD_CODES = """
            delete from connect_code where ctid = any(array(
                select ctid from connect_code where expires_at < (select clock_timestamp()) - interval '24 hours'
                 order by expires_at limit 1000 for update skip locked))
            """;

    private final Database database;
    private final PostgresBatches batches;

    public PostgresUpkeep(Database database) {
        this.database = database;
        Everywhere everywhere = database.everywhere();
        this.batches = new PostgresBatches(everywhere::query);
    }

    @Override
    public Future<Integer> purge() {
        return database.query(PARTITIONS, Tuple.tuple())
                .compose(there -> batches.delete(OLD_KEYS))
                .compose(keys -> batches.delete(OLD_HANDLES).map(handles -> keys + handles))
                .compose(before -> batches.delete(OLD_CODES).map(codes -> before + codes));
    }
}
