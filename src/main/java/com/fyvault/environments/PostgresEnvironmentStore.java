package com.fyvault.environments;

import com.fyvault.crypto.Uuid7;
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

/** Environments in PostgreSQL, for managing them. */
public final class PostgresEnvironmentStore implements EnvironmentStore {
    private static final int MOST = DirectoryStore.MOST_ENVIRONMENTS;
    private static final List<String> STANDARD = List.of("development", "staging", "production");
    private static final String STANDARD_DEFAULT = "production";

    private static final String PROJECT = """
            select p.project_id from project p
             where p.org_id = $1 and p.deleted_at is null
               and case when $2::text is null then p.is_default
                        else p.name_key = $2 or p.project_id::text = $2 end
            """;
    private static final String LOCK_PROJECT = PROJECT + " for no key update";
    // Devices whose own lists let them read in it: by list, so that many alike are counted once.
    private static final String COLUMNS = """
            with lists as (
                select project_ids, environment_ids, count(*) as devices from credential
                 where org_id = $1 and kind = 'DEVICE' and revoked_at is null
                 group by project_ids, environment_ids
            )
            select e.org_id, e.project_id, e.environment_id, e.name, e.description, e.is_default, e.sort_order,
                   e.created_at, e.updated_at, e.deleted_at,
                   (select coalesce(sum(l.devices), 0)::bigint from lists l
                     where (l.project_ids = '{}' or e.project_id = any(l.project_ids))
                       and (l.environment_ids = '{}' or e.environment_id = any(l.environment_ids))) as devices,\s""";
    private static final String LIST = COLUMNS + """
                   coalesce(c.secret_values, 0) as secret_values
              from environment e
              left join (
                  select v.environment_id, count(*) as secret_values
                    from secret s join secret_value v on v.org_id = s.org_id and v.secret_id = s.secret_id
                   where s.org_id = $1 and s.project_id = $2 and s.deleted_at is null
                   group by v.environment_id
              ) c on c.environment_id = e.environment_id
             where e.org_id = $1 and e.project_id = $2 and (e.deleted_at is not null) = $3
               and (e.deleted_at is null or e.deleted_at > clock_timestamp() - interval '30 days')
             order by e.sort_order, e.environment_id limit %d
            """.formatted(MOST);
    private static final String FIND = COLUMNS + """
                   (select count(*) from secret_value v
                      join secret s on s.org_id = v.org_id and s.secret_id = v.secret_id and s.deleted_at is null
                     where v.org_id = e.org_id and v.environment_id = e.environment_id) as secret_values
              from environment e
             where e.org_id = $1 and e.project_id = $2 and (e.deleted_at is not null) = $4
               and (e.deleted_at is null or e.deleted_at > clock_timestamp() - interval '30 days')
               and case when $3::text is null then e.is_default
                        else e.name_key = $3 or e.environment_id::text = $3 end
             order by e.deleted_at desc limit 1
            """;
    private static final String ADD = """
            insert into environment (org_id, project_id, environment_id, name, name_key, description, sort_order)
            select $1, $2, $3, $4, $5, $6, coalesce(max(e.sort_order), -1) + 1
              from environment e
             where e.org_id = $1 and e.project_id = $2 and e.deleted_at is null
            having count(*) < %d
            """.formatted(MOST);
    private static final String ADD_STANDARD = """
            insert into environment (org_id, project_id, environment_id, name, name_key, is_default, sort_order)
            values ($1, $2, $3, $4, $4, $5, $6)
            """;
    private static final String EDIT = """
            update environment
               set name = coalesce($3, name), name_key = coalesce($4, name_key),
                   description = case when $5::text is null then description else nullif($5, '') end,
                   version = version + case when $3 is null or $3 = name then 0 else 1 end,
                   meaning_version = case when $3 is null or $3 = name then meaning_version else version + 1 end,
                   updated_at = clock_timestamp()
             where org_id = $1 and environment_id = $2
            """;
    private static final String LOCK_ALL = """
            select environment_id from environment
             where org_id = $1 and project_id = $2 and ($3::uuid[] is null or environment_id = any($3))
             order by environment_id for no key update
            """;
    // The old one first: two defaults at once would break the index, even for the length of a statement.
    private static final String SET_DEFAULT = """
            update environment set is_default = $3, version = version + 1, meaning_version = version + 1,
                   updated_at = clock_timestamp()
             where org_id = $1 and environment_id = $2
            """;
    private static final String DELETE = """
            update environment
               set deleted_at = clock_timestamp(), version = version + 1, meaning_version = version + 1,
                   updated_at = clock_timestamp()
             where org_id = $1 and environment_id = $2
            """;
    private static final String UNDELETE = """
            update environment set deleted_at = null, version = version + 1, meaning_version = version + 1,
                   updated_at = clock_timestamp()
             where org_id = $1 and environment_id = $2
               and (select count(*) from environment e
                     where e.org_id = $1 and e.project_id = $3 and e.deleted_at is null) < %d
            """.formatted(MOST);
    private static final String RAISE_ALL =
            "update environment set version = version + 1, meaning_version = version + 1 where org_id = $1 and project_id = $2";

    private final Database database;
    private final Uuid7 ids;

    public PostgresEnvironmentStore(Database database, Uuid7 ids) {
        this.database = database;
        this.ids = ids;
    }

    @Override
    public Future<ProjectKey> project(PlaceStore.Reference reference) {
        return database.query(reference.orgId(), PROJECT, Tuple.of(reference.orgId(), reference.project()))
                .map(rows -> key(reference, rows));
    }

    @Override
    public Future<ProjectKey> lockProject(Transaction transaction, PlaceStore.Reference reference) {
        return transaction
                .query(LOCK_PROJECT, Tuple.of(reference.orgId(), reference.project()))
                .map(rows -> key(reference, rows));
    }

    @Override
    public Future<List<Environment>> list(ProjectKey project, boolean deleted) {
        return database.query(project.orgId(), LIST, tuple(project).addBoolean(deleted))
                .map(rows -> {
                    List<Environment> environments = new ArrayList<>();
                    rows.forEach(row -> environments.add(environment(row)));
                    return environments;
                });
    }

    @Override
    public Future<Environment> find(ProjectKey project, String reference) {
        return database.query(
                        project.orgId(),
                        FIND,
                        tuple(project).addString(reference).addBoolean(false))
                .map(PostgresEnvironmentStore::one);
    }

    @Override
    public Future<Environment> find(Transaction transaction, ProjectKey project, @Nullable String reference) {
        return transaction
                .query(FIND, tuple(project).addString(reference).addBoolean(false))
                .map(PostgresEnvironmentStore::one);
    }

    @Override
    public Future<Environment> findDeleted(Transaction transaction, ProjectKey project, String reference) {
        return transaction
                .query(FIND, tuple(project).addString(reference).addBoolean(true))
                .compose(deleted -> deleted.size() == 1
                        ? Future.succeededFuture(one(deleted))
                        : find(transaction, project, reference).map(standing -> {
                            throw Refusal.of(ErrorCode.NOT_DELETED);
                        }));
    }

    @Override
    public Future<Void> add(Transaction transaction, ProjectKey project, Draft draft) {
        Tuple values = tuple(project)
                .addUUID(draft.id())
                .addString(draft.name())
                .addString(Names.key(draft.name()))
                .addString(draft.description());
        return transaction
                .query(ADD, values)
                .recover(PostgresEnvironmentStore::taken)
                .map(PostgresEnvironmentStore::fits);
    }

    @Override
    public Future<Void> addStandard(Transaction transaction, ProjectKey project) {
        Future<Void> done = Future.succeededFuture();
        for (int i = 0; i < STANDARD.size(); i++) {
            String name = STANDARD.get(i);
            Tuple values = tuple(project)
                    .addUUID(ids.next())
                    .addString(name)
                    .addBoolean(name.equals(STANDARD_DEFAULT))
                    .addInteger(i);
            done = done.compose(added -> transaction.query(ADD_STANDARD, values).mapEmpty());
        }
        return done;
    }

    @Override
    public Future<Void> edit(Transaction transaction, Environment environment, Edit edit) {
        Tuple values = tuple(environment)
                .addString(edit.name())
                .addString(edit.name() == null ? null : Names.key(edit.name()))
                .addString(edit.description());
        return transaction
                .query(EDIT, values)
                .recover(PostgresEnvironmentStore::taken)
                .mapEmpty();
    }

    @Override
    public Future<Void> moveDefault(Transaction transaction, Environment from, Environment to) {
        UUID[] both = {from.id(), to.id()};
        return transaction
                .query(LOCK_ALL, tuple(to.project()).addArrayOfUUID(both))
                .compose(locked -> transaction.query(SET_DEFAULT, tuple(from).addBoolean(false)))
                .compose(taken -> transaction.query(SET_DEFAULT, tuple(to).addBoolean(true)))
                .mapEmpty();
    }

    @Override
    public Future<Void> delete(Transaction transaction, Environment environment) {
        return transaction.query(DELETE, tuple(environment)).mapEmpty();
    }

    @Override
    public Future<Void> undelete(Transaction transaction, Environment environment) {
        return transaction
                .query(
                        UNDELETE,
                        tuple(environment).addUUID(environment.project().projectId()))
                .recover(PostgresEnvironmentStore::taken)
                .map(PostgresEnvironmentStore::fits);
    }

    @Override
    public Future<Void> raiseAll(Transaction transaction, ProjectKey project) {
        return transaction
                .query(LOCK_ALL, tuple(project).addArrayOfUUID(null))
                .compose(locked -> transaction.query(RAISE_ALL, tuple(project)))
                .mapEmpty();
    }

    private static Tuple tuple(ProjectKey project) {
        return Tuple.of(project.orgId(), project.projectId());
    }

    private static Tuple tuple(Environment environment) {
        return Tuple.of(environment.project().orgId(), environment.id());
    }

    private static <T> Future<T> taken(Throwable failure) {
        boolean taken = StoreFailure.violates(failure, "environment_name");
        return Future.failedFuture(
                taken ? Refusal.of(ErrorCode.NAME_TAKEN, "An environment of that name exists") : failure);
    }

    /** Nothing was written when there was no room. */
    private static Void fits(RowSet<Row> written) {
        if (written.rowCount() == 0) {
            throw Refusal.of(ErrorCode.LIMIT_REACHED, "A project has at most " + MOST + " environments");
        }
        return null;
    }

    private static ProjectKey key(PlaceStore.Reference reference, RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw Refusal.of(ErrorCode.PROJECT_NOT_FOUND);
        }
        return new ProjectKey(reference.orgId(), rows.iterator().next().getUUID("project_id"));
    }

    private static Environment one(RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_FOUND);
        }
        return environment(rows.iterator().next());
    }

    private static Environment environment(Row row) {
        @Nullable OffsetDateTime deletedAt = row.getOffsetDateTime("deleted_at");
        return new Environment(
                new ProjectKey(row.getUUID("org_id"), row.getUUID("project_id")),
                row.getUUID("environment_id"),
                row.getString("name"),
                row.getString("description"),
                row.getBoolean("is_default"),
                row.getInteger("sort_order"),
                row.getLong("secret_values"),
                row.getLong("devices"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant(),
                deletedAt == null ? null : deletedAt.toInstant());
    }
}
