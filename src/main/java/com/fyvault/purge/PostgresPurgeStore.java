package com.fyvault.purge;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Purging in PostgreSQL. It works for every organization at once, so it finds rows by their age; what
 * it removes it removes by organization and id.
 *
 * <p>A node that last looked before a deletion learns of it from the head rows that changed since.
 * Those go here, so each environment that loses one remembers in {@code floor_version} up to where
 * changes can no longer be told one by one; such a node then forgets all that it has of it.
 */
public final class PostgresPurgeStore implements PurgeStore {
    private static final String CLAIM = "select pg_try_advisory_xact_lock(7305813) as mine";
    private static final String OLD = "(select clock_timestamp()) - interval '30 days'";
    // The oldest ones, by the index of their age. The planner cannot know how few they are and would read all tables
    // for them: so what is in them is asked of each one, by lateral. It goes first and then they do, so the next round
    // finds others.
    private static final String OLD_PROJECTS =
            "(select org_id, project_id from project where deleted_at < " + OLD + " order by deleted_at limit 1000)";
    private static final String OLD_ENVIRONMENTS = "(select org_id, environment_id from environment where deleted_at < "
            + OLD + " order by deleted_at limit 1000)";

    // Each candidate is found by an index, then looked at again with its row locked: it may be on its
    // way back. What is locked at the moment waits for the next round.
    private static final String SECRETS = """
            select s.org_id, s.project_id, null::uuid as environment_id, s.secret_id
              from (
                    (select org_id, secret_id from secret where deleted_at < %1$s order by deleted_at limit $1)
                    union
                    (select i.org_id, i.secret_id
                       from %2$s o
                      cross join lateral (select org_id, secret_id from secret
                                           where org_id = o.org_id and project_id = o.project_id and deleted_at is null
                                           limit $1) i
                      limit $1)
                   ) due
              join secret s on s.org_id = due.org_id and s.secret_id = due.secret_id
              join project p on p.org_id = s.org_id and p.project_id = s.project_id
             where s.deleted_at < %1$s or p.deleted_at < %1$s
             limit $1 for update of s skip locked for share of p skip locked
            """.formatted(OLD, OLD_PROJECTS);
    private static final String VALUES = """
            select e.org_id, e.project_id, e.environment_id, v.secret_id
              from (select i.org_id, i.environment_id, i.secret_id
                      from %2$s o
                     cross join lateral (select org_id, environment_id, secret_id from secret_value
                                          where org_id = o.org_id and environment_id = o.environment_id limit $1) i
                     limit $1) due
              join environment e on e.org_id = due.org_id and e.environment_id = due.environment_id
              join secret_value v on v.org_id = due.org_id and v.environment_id = due.environment_id
                                 and v.secret_id = due.secret_id
             where e.deleted_at < %1$s
             limit $1 for update of v skip locked for share of e skip locked
            """.formatted(OLD, OLD_ENVIRONMENTS);
    private static final String ENVIRONMENTS = """
            delete from environment e using (
                select x.org_id, x.environment_id
                  from (select i.org_id, i.environment_id
                          from (
                                %3$s
                                union
                                (select l.org_id, l.environment_id
                                   from %2$s o
                                  cross join lateral (select org_id, environment_id from environment
                                                       where org_id = o.org_id and project_id = o.project_id
                                                         and deleted_at is null
                                                       limit $1) l)
                               ) i
                          left join lateral (select true as held from secret_value
                                              where org_id = i.org_id and environment_id = i.environment_id limit 1) v
                            on true
                         where v.held is null limit $1) due
                  join environment x on x.org_id = due.org_id and x.environment_id = due.environment_id
                  join project p on p.org_id = x.org_id and p.project_id = x.project_id
                 where x.deleted_at < %1$s or p.deleted_at < %1$s
                 limit $1 for update of x skip locked for share of p skip locked
            ) old
             where e.org_id = old.org_id and e.environment_id = old.environment_id
            returning e.org_id, e.project_id, e.environment_id, null::uuid as secret_id
            """.formatted(OLD, OLD_PROJECTS, OLD_ENVIRONMENTS);
    private static final String PROJECTS = """
            delete from project p using (
                select x.org_id, x.project_id
                  from (select o.org_id, o.project_id
                          from %2$s o
                          left join lateral (select true as held from environment
                                              where org_id = o.org_id and project_id = o.project_id limit 1) e on true
                          left join lateral (select true as held from secret
                                              where org_id = o.org_id and project_id = o.project_id and deleted_at is null
                                              limit 1) s on true
                         where e.held is null and s.held is null limit $1) due
                  left join lateral (select true as held from secret
                                      where org_id = due.org_id and project_id = due.project_id limit 1) s on true
                  join project x on x.org_id = due.org_id and x.project_id = due.project_id
                 where s.held is null and x.deleted_at < %1$s
                 limit $1 for update of x skip locked
            ) old
             where p.org_id = old.org_id and p.project_id = old.project_id
            returning p.org_id, p.project_id, null::uuid as environment_id, null::uuid as secret_id
            """.formatted(OLD, OLD_PROJECTS);

    private static final String LOCK_ENVIRONMENTS = """
            select e.environment_id from environment e
             where (e.org_id, e.environment_id) in (
                select v.org_id, v.environment_id from secret_value v
                  join unnest($1::uuid[], $2::uuid[]) as gone(org_id, secret_id)
                    on v.org_id = gone.org_id and v.secret_id = gone.secret_id)
             order by e.environment_id for no key update of e
            """;
    private static final String FLOOR = """
            update environment e set floor_version = e.version
              from (select distinct v.org_id, v.environment_id from secret_value v
                      join unnest($1::uuid[], $2::uuid[]) as gone(org_id, secret_id)
                        on v.org_id = gone.org_id and v.secret_id = gone.secret_id) as held
             where e.org_id = held.org_id and e.environment_id = held.environment_id
            """;
    private static final String DELETE_BY_SECRET = """
            delete from %s t using unnest($1::uuid[], $2::uuid[]) as gone(org_id, secret_id)
             where t.org_id = gone.org_id and t.secret_id = gone.secret_id
            """;
    private static final String DELETE_BY_VALUE = """
            delete from %s t using unnest($1::uuid[], $2::uuid[], $3::uuid[]) as gone(org_id, secret_id, environment_id)
             where t.org_id = gone.org_id and t.secret_id = gone.secret_id and t.environment_id = gone.environment_id
            """;

    @Override
    public Future<Boolean> claim(Transaction transaction) {
        return transaction
                .query(CLAIM, Tuple.tuple())
                .map(rows -> rows.iterator().next().getBoolean("mine"));
    }

    @Override
    public Future<List<Purged>> purge(Transaction transaction, Kind kind, int most) {
        Tuple limit = Tuple.of(most);
        return switch (kind) {
            case SECRET ->
                transaction
                        .query(SECRETS, limit)
                        .map(rows -> purged(kind, rows))
                        .compose(gone -> removeSecrets(transaction, gone).map(gone));
            case VALUE ->
                transaction
                        .query(VALUES, limit)
                        .map(rows -> purged(kind, rows))
                        .compose(gone -> removeValues(transaction, gone).map(gone));
            case ENVIRONMENT -> transaction.query(ENVIRONMENTS, limit).map(rows -> purged(kind, rows));
            case PROJECT -> transaction.query(PROJECTS, limit).map(rows -> purged(kind, rows));
        };
    }

    private static Future<Void> removeSecrets(Transaction transaction, List<Purged> gone) {
        if (gone.isEmpty()) {
            return Future.succeededFuture();
        }
        return transaction
                .query(LOCK_ENVIRONMENTS, ids(gone))
                .compose(locked -> transaction.query(FLOOR, ids(gone)))
                .compose(marked -> transaction.query(DELETE_BY_SECRET.formatted("secret_value"), ids(gone)))
                .compose(heads -> transaction.query(DELETE_BY_SECRET.formatted("secret_version"), ids(gone)))
                .compose(versions -> transaction.query(DELETE_BY_SECRET.formatted("secret"), ids(gone)))
                .mapEmpty();
    }

    private static Future<Void> removeValues(Transaction transaction, List<Purged> gone) {
        if (gone.isEmpty()) {
            return Future.succeededFuture();
        }
        UUID[] environments = gone.stream().map(Purged::environmentId).toArray(UUID[]::new);
        return transaction
                .query(DELETE_BY_VALUE.formatted("secret_value"), ids(gone).addArrayOfUUID(environments))
                .compose(heads -> transaction.query(
                        DELETE_BY_VALUE.formatted("secret_version"), ids(gone).addArrayOfUUID(environments)))
                .mapEmpty();
    }

    private static Tuple ids(List<Purged> gone) {
        return Tuple.tuple()
                .addArrayOfUUID(gone.stream().map(Purged::orgId).toArray(UUID[]::new))
                .addArrayOfUUID(gone.stream().map(Purged::secretId).toArray(UUID[]::new));
    }

    private static List<Purged> purged(Kind kind, RowSet<Row> rows) {
        List<Purged> purged = new ArrayList<>();
        rows.forEach(row -> purged.add(new Purged(
                kind,
                row.getUUID("org_id"),
                row.getUUID("project_id"),
                row.getUUID("environment_id"),
                row.getUUID("secret_id"))));
        return purged;
    }
}
