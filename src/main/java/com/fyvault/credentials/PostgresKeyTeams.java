package com.fyvault.credentials;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Teams in PostgreSQL, as far as keys need them. */
public final class PostgresKeyTeams implements KeyTeams {
    private static final String PLACE = """
            select exists (select from team_member m
                            where m.org_id = t.org_id and m.team_id = t.team_id and m.user_id = $3) as inside
              from team t where t.org_id = $1 and t.team_id = $2 and t.deleted_at is null
            """;

    private final Database database;

    public PostgresKeyTeams(Database database) {
        this.database = database;
    }

    @Override
    public Future<Place> place(UUID orgId, UUID teamId, @Nullable UUID userId) {
        return database.query(orgId, PLACE, Tuple.of(orgId, teamId, userId)).map(PostgresKeyTeams::place);
    }

    @Override
    public Future<Place> place(Transaction transaction, UUID orgId, UUID teamId, @Nullable UUID userId) {
        return transaction.query(PLACE, Tuple.of(orgId, teamId, userId)).map(PostgresKeyTeams::place);
    }

    private static Place place(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Place.ABSENT;
        }
        return rows.iterator().next().getBoolean("inside") ? Place.INSIDE : Place.OUTSIDE;
    }
}
