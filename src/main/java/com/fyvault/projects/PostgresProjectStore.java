package com.fyvault.projects;

import com.fyvault.environments.EnvironmentStore;
import com.fyvault.environments.Names;
import com.fyvault.environments.ProjectKey;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.StoreFailure;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Projects in PostgreSQL. */
public final class PostgresProjectStore implements ProjectStore {
    private static final String COLUMNS = """
            select p.org_id, p.project_id, p.name, p.description, p.is_default, p.created_at, p.updated_at, p.deleted_at,
                   (select count(*) from environment e
                     where e.org_id = p.org_id and e.project_id = p.project_id and e.deleted_at is null) as environments,
                   (select count(*) from secret s
                     where s.org_id = p.org_id and s.project_id = p.project_id and s.deleted_at is null) as secrets
              from project p
            """;
    private static final String STANDING = """
             where p.org_id = $1 and (p.deleted_at is not null) = $2
               and (p.deleted_at is null or p.deleted_at > clock_timestamp() - interval '30 days')
            """;
    private static final String LIST =
            COLUMNS + STANDING + " order by p.is_default desc, p.name_key limit " + MOST_PROJECTS;
    private static final String STAGES = """
            select e.project_id, e.environment_id, e.name, e.is_default
              from environment e
              join project p on p.org_id = e.org_id and p.project_id = e.project_id and p.deleted_at is null
             where e.org_id = $1 and e.deleted_at is null
             order by e.project_id, e.sort_order, e.name_key limit %d
            """.formatted(MOST_STAGES);
    private static final String FIND =
            COLUMNS + STANDING + " and (p.name_key = $3 or p.project_id::text = $3) order by p.deleted_at desc limit 1";
    private static final String LOCK_LIST =
            "select project_id from project where org_id = $1 and is_default for no key update";
    private static final String LOCK =
            "select project_id from project where org_id = $1 and project_id = $2 for no key update";
    private static final String ADD = """
            insert into project (org_id, project_id, name, name_key, description, is_default)
            select $1, $2, $3, $4, $5, $6
             where (select count(*) from project where org_id = $1 and deleted_at is null) < %d
            """.formatted(MOST_PROJECTS);
    private static final String EDIT = """
            update project
               set name = coalesce($3, name), name_key = coalesce($4, name_key),
                   description = case when $5::text is null then description else nullif($5, '') end,
                   updated_at = clock_timestamp()
             where org_id = $1 and project_id = $2
            """;
    private static final String DELETE = """
            update project set deleted_at = clock_timestamp(), updated_at = clock_timestamp()
             where org_id = $1 and project_id = $2
            """;
    private static final String UNDELETE = """
            update project set deleted_at = null, updated_at = clock_timestamp()
             where org_id = $1 and project_id = $2
               and (select count(*) from project where org_id = $1 and deleted_at is null) < %d
            """.formatted(MOST_PROJECTS);

    private final Database database;
    private final EnvironmentStore environments;

    public PostgresProjectStore(Database database, EnvironmentStore environments) {
        this.database = database;
        this.environments = environments;
    }

    @Override
    public Future<List<Project>> list(UUID orgId, boolean deleted) {
        return database.query(orgId, LIST, Tuple.of(orgId, deleted)).map(rows -> {
            List<Project> projects = new ArrayList<>();
            rows.forEach(row -> projects.add(project(row)));
            return projects;
        });
    }

    @Override
    public Future<List<Stage>> stages(UUID orgId) {
        return database.query(orgId, STAGES, Tuple.of(orgId)).map(rows -> {
            List<Stage> stages = new ArrayList<>();
            rows.forEach(row -> stages.add(new Stage(
                    row.getUUID("project_id"),
                    row.getUUID("environment_id"),
                    row.getString("name"),
                    row.getBoolean("is_default"))));
            return stages;
        });
    }

    @Override
    public Future<Project> find(Reference reference) {
        return database.query(reference.orgId(), FIND, tuple(reference, false)).map(PostgresProjectStore::one);
    }

    @Override
    public Future<Project> find(Transaction transaction, Reference reference) {
        return transaction.query(FIND, tuple(reference, false)).map(PostgresProjectStore::one);
    }

    @Override
    public Future<Void> lockList(Transaction transaction, UUID orgId) {
        return transaction.query(LOCK_LIST, Tuple.of(orgId)).mapEmpty();
    }

    @Override
    public Future<Project> lock(Transaction transaction, Reference reference) {
        return find(transaction, reference).compose(found -> locked(transaction, found));
    }

    @Override
    public Future<Project> lockDeleted(Transaction transaction, Reference reference) {
        return transaction.query(FIND, tuple(reference, true)).compose(deleted -> {
            if (deleted.size() == 1) {
                return locked(transaction, one(deleted));
            }
            return find(transaction, reference).map(standing -> {
                throw Refusal.of(ErrorCode.NOT_DELETED);
            });
        });
    }

    @Override
    public Future<Void> addDefault(Transaction transaction, Draft draft) {
        return add(transaction, draft, true);
    }

    @Override
    public Future<Void> add(Transaction transaction, Draft draft) {
        return add(transaction, draft, false);
    }

    @Override
    public Future<Void> edit(Transaction transaction, Project project, Edit edit) {
        Tuple values = tuple(project.key())
                .addString(edit.name())
                .addString(edit.name() == null ? null : Names.key(edit.name()))
                .addString(edit.description());
        boolean renamed = edit.name() != null && !edit.name().equals(project.name());
        return transaction
                .query(EDIT, values)
                .recover(PostgresProjectStore::taken)
                .compose(edited ->
                        renamed ? environments.raiseAll(transaction, project.key()) : Future.succeededFuture());
    }

    @Override
    public Future<Void> delete(Transaction transaction, Project project) {
        return transaction
                .query(DELETE, tuple(project.key()))
                .compose(deleted -> environments.raiseAll(transaction, project.key()));
    }

    @Override
    public Future<Void> undelete(Transaction transaction, Project project) {
        return transaction
                .query(UNDELETE, tuple(project.key()))
                .recover(PostgresProjectStore::taken)
                .map(PostgresProjectStore::fits)
                .compose(back -> environments.raiseAll(transaction, project.key()));
    }

    private Future<Void> add(Transaction transaction, Draft draft, boolean isDefault) {
        Tuple values = tuple(draft.key())
                .addString(draft.name())
                .addString(Names.key(draft.name()))
                .addString(draft.description())
                .addBoolean(isDefault);
        return transaction
                .query(ADD, values)
                .recover(PostgresProjectStore::taken)
                .map(PostgresProjectStore::fits)
                .compose(added -> environments.addStandard(transaction, draft.key()));
    }

    private Future<Project> locked(Transaction transaction, Project project) {
        return transaction.query(LOCK, tuple(project.key())).map(project);
    }

    private static Tuple tuple(ProjectKey key) {
        return Tuple.of(key.orgId(), key.projectId());
    }

    private static Tuple tuple(Reference reference, boolean deleted) {
        return Tuple.of(reference.orgId(), deleted, reference.text());
    }

    private static <T> Future<T> taken(Throwable failure) {
        boolean taken = StoreFailure.violates(failure, "project_name");
        return Future.failedFuture(taken ? Refusal.of(ErrorCode.NAME_TAKEN, "A project of that name exists") : failure);
    }

    /** Nothing was written when there was no room. */
    private static Void fits(RowSet<Row> written) {
        if (written.rowCount() == 0) {
            throw Refusal.of(ErrorCode.LIMIT_REACHED, "An organization has at most " + MOST_PROJECTS + " projects");
        }
        return null;
    }

    private static Project one(RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw Refusal.of(ErrorCode.PROJECT_NOT_FOUND);
        }
        return project(rows.iterator().next());
    }

    private static Project project(Row row) {
        @Nullable OffsetDateTime deletedAt = row.getOffsetDateTime("deleted_at");
        return new Project(
                new ProjectKey(row.getUUID("org_id"), row.getUUID("project_id")),
                row.getString("name"),
                row.getString("description"),
                row.getBoolean("is_default"),
                row.getLong("environments"),
                row.getLong("secrets"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant(),
                deletedAt == null ? null : deletedAt.toInstant());
    }
}
