package com.fyvault.environments;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** Projects and environments by reference, in PostgreSQL. */
public final class PostgresPlaceStore implements PlaceStore {
    // A name can never look like an id, so one text stands for either.
    private static final String PROJECT_MATCHES = """
            p.org_id = $1 and p.deleted_at is null
              and case when $2::text is null then p.is_default
                       else p.name_key = $2 or p.project_id::text = $2 end
            """;
    private static final String ENVIRONMENT_MATCHES = """
            e.org_id = $1 and e.project_id = p.project_id and e.deleted_at is null
              and case when $3::text is null then e.is_default
                       else e.name_key = $3 or e.environment_id::text = $3 end
            """;
    private static final String FIND = """
            select p.project_id, e.environment_id, e.name, e.version, e.is_default
              from project p left join environment e on %s
             where %s
            """.formatted(ENVIRONMENT_MATCHES, PROJECT_MATCHES);
    private static final String CHANGE = """
            update environment e set version = e.version + 1
              from project p where %s and %s
            returning e.project_id, e.environment_id, e.name, e.version, e.is_default
            """.formatted(PROJECT_MATCHES, ENVIRONMENT_MATCHES);
    private static final String PROJECT = "select p.project_id from project p where " + PROJECT_MATCHES;
    // The project first, then the environment: the order of every change of what the default is.
    private static final String CHANGE_DEFAULT = """
            with held as materialized (
                select p.project_id from project p where %s for share
            )
            update environment e set version = e.version + 1
              from held where e.org_id = $1 and e.project_id = held.project_id and e.is_default
            returning e.project_id, e.environment_id, e.name, e.version, e.is_default
            """.formatted(PROJECT_MATCHES);

    private final Database database;

    public PostgresPlaceStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Place> find(Reference reference) {
        return database.query(reference.orgId(), FIND, tuple(reference)).map(rows -> place(reference, rows));
    }

    @Override
    public Future<Place> find(Transaction transaction, Reference reference) {
        return transaction.query(FIND, tuple(reference)).map(rows -> place(reference, rows));
    }

    @Override
    public Future<Place> change(Transaction transaction, Reference reference) {
        return reference.environment() == null
                ? changeDefault(transaction, reference)
                : changeNamed(transaction, reference);
    }

    /**
     * The default may move while the first statement waits for the row that has it; by then it holds
     * the project's row, so it cannot move again and the second statement finds it.
     */
    private Future<Place> changeDefault(Transaction transaction, Reference reference) {
        Tuple values = Tuple.of(reference.orgId(), reference.project());
        return transaction
                .query(CHANGE_DEFAULT, values)
                .compose(rows ->
                        rows.size() == 1 ? Future.succeededFuture(rows) : transaction.query(CHANGE_DEFAULT, values))
                .map(rows -> place(reference, rows));
    }

    private Future<Place> changeNamed(Transaction transaction, Reference reference) {
        return transaction.query(CHANGE, tuple(reference)).compose(rows -> {
            if (rows.size() == 1) {
                return Future.succeededFuture(place(reference, rows));
            }
            // Nothing was changed: ask which of the two is missing. When neither is, the name went to
            // another while this waited for the row, and must not be followed with that row held.
            return transaction.query(FIND, tuple(reference)).compose(found -> {
                Place _ = place(reference, found);
                return Future.failedFuture(Refusal.of(ErrorCode.UNSETTLED));
            });
        });
    }

    @Override
    public Future<UUID> project(Reference reference) {
        return database.query(reference.orgId(), PROJECT, Tuple.of(reference.orgId(), reference.project()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw Refusal.of(ErrorCode.PROJECT_NOT_FOUND);
                    }
                    return rows.iterator().next().getUUID("project_id");
                });
    }

    private static Place place(Reference reference, RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw Refusal.of(ErrorCode.PROJECT_NOT_FOUND);
        }
        Row row = rows.iterator().next();
        if (row.getUUID("environment_id") == null) {
            throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_FOUND);
        }
        return new Place(
                reference.orgId(),
                row.getUUID("project_id"),
                row.getUUID("environment_id"),
                row.getString("name"),
                row.getLong("version"),
                Names.isProduction(Names.key(row.getString("name")), row.getBoolean("is_default")));
    }

    private static Tuple tuple(Reference reference) {
        return Tuple.of(reference.orgId(), reference.project(), reference.environment());
    }
}
