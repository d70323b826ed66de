package com.fyvault.orgs;

import com.fyvault.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Organizations in PostgreSQL, for reading. */
public final class PostgresOrgStore implements OrgStore {
    private static final String FIND =
            "select org_id, name, slug, created_at from org where org_id = $1 and deleted_at is null";

    private final Database database;

    public PostgresOrgStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<@Nullable Org> find(UUID orgId) {
        return database.query(orgId, FIND, Tuple.of(orgId)).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            return new Org(
                    row.getUUID("org_id"),
                    row.getString("name"),
                    row.getString("slug"),
                    row.getOffsetDateTime("created_at").toInstant());
        });
    }
}
