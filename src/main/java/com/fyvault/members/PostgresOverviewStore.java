package com.fyvault.members;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.platform.postgres.Database;
import com.fyvault.projects.ProjectStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Figures out of PostgreSQL. */
public final class PostgresOverviewStore implements OverviewStore {
    private static final String FIGURES = """
            select k.keys, k.expiring, k.unused,
                   (select count(*) from membership m
                     where m.org_id = $1 and m.removed_at is null and m.role <> 'none') as members,
                   (select count(*) from invitation i
                     where i.org_id = $1 and i.ended_at is null and i.expires_at > clock_timestamp()) as invitations
              from (
                select count(*) as keys,
                       count(*) filter (where expires_at < clock_timestamp() + interval '30 days') as expiring,
                       count(*) filter (where coalesce(last_used_at, created_at)
                                              < clock_timestamp() - interval '90 days') as unused
                  from (select c.expires_at, c.last_used_at, c.created_at from credential c
                         where c.org_id = $1 and c.kind = any('{API_KEY,TEST_KEY,PUBLIC_KEY}')
                           and c.revoked_at is null and coalesce(c.expires_at > clock_timestamp(), true)
                         limit %d) living
              ) k
            """.formatted(MOST_KEYS + 1);
    private static final String PROJECTS = """
            select p.project_id, p.name, coalesce(s.secrets, 0) as secrets
              from project p
              left join (select project_id, count(*) as secrets
                           from (select project_id from secret
                                  where org_id = $1 and deleted_at is null
                                  order by project_id limit %d) counted
                          group by project_id) s on s.project_id = p.project_id
             where p.org_id = $1 and p.deleted_at is null
             order by p.name_key limit %d
            """.formatted(MOST_SECRETS, ProjectStore.MOST_PROJECTS);

    // Ids begin with the time: down the index to the first of the day, and no further than the bounds.
    private static final String READS = """
            with day as (
                select start, (lpad(to_hex((extract(epoch from start) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
                                as first_id
                  from (select date_trunc('day', clock_timestamp() at time zone 'UTC') at time zone 'UTC' as start) now
            )
            select d.start, r.looked, r.batches, r.reads from day d cross join lateral (
                select count(*) as looked, coalesce(max(e.batch), 0) as batches,
                       count(*) filter (where e.action in (%d, %d) and e.outcome = %d and e.event_id >= d.first_id) as reads
                  from (select e.*, b.batch
                          from (select b.event_ids, b.actions, b.outcomes, row_number() over (order by b.last_id desc) as batch
                                  from audit_event b
                                 where b.org_id = $1 and b.last_id >= d.first_id and b.at >= d.start - interval '1 hour'
                                 order by b.last_id desc limit %d) b
                         cross join lateral unnest(b.event_ids, b.actions, b.outcomes) as e(event_id, action, outcome)
                         limit %d) e
              ) r
            """.formatted(
                    AuditAction.SECRET_READ.code(),
                    AuditAction.SECRET_READ_BULK.code(),
                    AuditOutcome.DONE.code(),
                    MOST_BATCHES,
                    MOST_RECORDS);

    private final Database database;

    public PostgresOverviewStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Figures> figures(UUID orgId) {
        return database.query(orgId, FIGURES, Tuple.of(orgId)).map(rows -> {
            Row row = rows.iterator().next();
            return new Figures(
                    row.getLong("keys"),
                    row.getLong("expiring"),
                    row.getLong("unused"),
                    row.getLong("members"),
                    row.getLong("invitations"));
        });
    }

    @Override
    public Future<Reads> readsToday(UUID orgId) {
        return database.walk(orgId, READS, Tuple.of(orgId)).map(rows -> {
            Row row = rows.iterator().next();
            return new Reads(
                    row.getLong("reads"),
                    row.getOffsetDateTime("start").toInstant(),
                    row.getLong("looked") < MOST_RECORDS && row.getLong("batches") < MOST_BATCHES);
        });
    }

    @Override
    public Future<List<InProject>> projects(UUID orgId) {
        return database.query(orgId, PROJECTS, Tuple.of(orgId)).map(rows -> {
            List<InProject> projects = new ArrayList<>(rows.size());
            rows.forEach(row -> projects.add(
                    new InProject(row.getUUID("project_id"), row.getString("name"), row.getLong("secrets"))));
            return projects;
        });
    }
}
