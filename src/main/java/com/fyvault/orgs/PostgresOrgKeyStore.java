package com.fyvault.orgs;

import com.fyvault.crypto.OrgKeyId;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Organization keys in PostgreSQL: the table org_key and nowhere else. */
public final class PostgresOrgKeyStore implements OrgKeyStore {
    private static final String FIND = "select epoch, wrapped, is_primary from org_key where org_id = $1 limit 64";
    private static final String RESERVE =
            "update org_key set wraps = wraps + $3 where org_id = $1 and epoch = $2 returning wraps";
    private static final String ADD =
            "insert into org_key (org_id, epoch, wrapped, is_primary) values ($1, $2, $3, $4)";

    private final Database database;

    public PostgresOrgKeyStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<List<WrappedKey>> find(UUID orgId) {
        return database.query(orgId, FIND, Tuple.of(orgId)).map(rows -> {
            List<WrappedKey> keys = new ArrayList<>();
            for (Row row : rows) {
                keys.add(new WrappedKey(
                        row.getInteger("epoch"), row.getBuffer("wrapped").getBytes(), row.getBoolean("is_primary")));
            }
            return keys;
        });
    }

    @Override
    public Future<Long> reserve(OrgKeyId key, int uses) {
        return database.query(key.orgId(), RESERVE, Tuple.of(key.orgId(), key.epoch(), uses))
                .map(rows -> rows.iterator().next().getLong("wraps"));
    }

    @Override
    public Future<Void> add(Transaction transaction, UUID orgId, WrappedKey key) {
        return transaction
                .query(ADD, Tuple.of(orgId, key.epoch(), Buffer.buffer(key.wrapped()), key.primary()))
                .mapEmpty();
    }
}
