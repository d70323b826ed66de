package com.fyvault.environments;

import com.fyvault.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Projects and environments in PostgreSQL. */
public final class PostgresDirectoryStore implements DirectoryStore {
    private static final String FIND = """
            select p.project_id, e.environment_id, e.name_key, e.is_default, e.version
              from project p
              left join environment e
                on e.org_id = p.org_id and e.project_id = p.project_id and e.deleted_at is null
             where p.org_id = $1 and p.deleted_at is null
               and case when $2::text is null then p.is_default
                        else p.name_key = $2 or p.project_id::text = $2 end
             limit %d
            """.formatted(MOST_ENVIRONMENTS + 1);

    private final Database database;

    public PostgresDirectoryStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<@Nullable Project> find(UUID orgId, @Nullable String reference) {
        return database.query(orgId, FIND, Tuple.of(orgId, reference)).map(rows -> {
            List<Entry> entries = new ArrayList<>();
            @Nullable UUID projectId = null;
            for (Row row : rows) {
                projectId = row.getUUID("project_id");
                @Nullable UUID environmentId = row.getUUID("environment_id");
                if (environmentId != null) {
                    entries.add(new Entry(
                            environmentId,
                            row.getString("name_key"),
                            row.getBoolean("is_default"),
                            row.getLong("version")));
                }
            }
            return projectId == null ? null : new Project(projectId, entries);
        });
    }
}
