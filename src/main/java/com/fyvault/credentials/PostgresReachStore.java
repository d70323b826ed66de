package com.fyvault.credentials;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Projects and environments by name or id, in PostgreSQL. */
public final class PostgresReachStore implements ReachStore {
    private static final String PROJECTS = """
            select r.reference, p.project_id
              from unnest($2::text[]) as r(reference)
              join project p on p.org_id = $1 and p.deleted_at is null
               and (p.name_key = r.reference or p.project_id::text = r.reference)
             limit %d
            """.formatted(MOST);
    private static final String ENVIRONMENTS = """
            select r.reference, e.environment_id::text = r.reference as by_id, e.environment_id, e.project_id
              from unnest($2::text[]) as r(reference)
              join environment e on e.org_id = $1 and e.deleted_at is null
               and (e.name_key = r.reference or e.environment_id::text = r.reference)
              join project p on p.org_id = e.org_id and p.project_id = e.project_id and p.deleted_at is null
             limit %d
            """.formatted(MOST + 1);

    @Override
    public Future<List<Project>> projects(Transaction transaction, UUID orgId, List<String> references) {
        return transaction.query(PROJECTS, named(orgId, references)).map(rows -> {
            List<Project> found = new ArrayList<>();
            for (Row row : rows) {
                found.add(new Project(row.getString("reference"), row.getUUID("project_id")));
            }
            return found;
        });
    }

    @Override
    public Future<List<Environment>> environments(Transaction transaction, UUID orgId, List<String> references) {
        return transaction.query(ENVIRONMENTS, named(orgId, references)).map(rows -> {
            List<Environment> found = new ArrayList<>();
            for (Row row : rows) {
                found.add(new Environment(
                        row.getString("reference"),
                        row.getBoolean("by_id"),
                        row.getUUID("environment_id"),
                        row.getUUID("project_id")));
            }
            return found;
        });
    }

    private static Tuple named(UUID orgId, List<String> references) {
        return Tuple.of(orgId).addArrayOfString(references.toArray(String[]::new));
    }
}
