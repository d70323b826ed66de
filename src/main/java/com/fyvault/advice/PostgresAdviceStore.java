package com.fyvault.advice;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Advice in PostgreSQL. Nothing of it is stored: a page is what stands at the moment that its first page was asked at. Each kind
 * goes through an index of its own and no further than the page needs, tokens but for all that live.
 */
public final class PostgresAdviceStore implements AdviceStore {
    /** Tokens that are looked at: more than an organization may have of all kinds together. */
    private static final int MOST_TOKENS = 50_000;

    // What a token descends from must live as well; asked one by one, or PostgreSQL hashes every token that there is.
    // The token before a roll, which is about to end, is nobody's to renew; nor is one that was made for less than a
    // week.
    private static final String TOKENS = """
            tokens as (
                select c.credential_id as id, c.kind, c.label, c.last4, c.project_ids, c.environment_ids, c.created_at,
                       coalesce(c.last_used_at, c.created_at) as used_at,
                       least(c.expires_at, case when o.policy_key_days > 0
                           then c.created_at + o.policy_key_days * interval '1 day' end) as ends_at
                  from credential c
                  join org o on o.org_id = c.org_id
                 where c.org_id = $1 and c.revoked_at is null
                   and c.kind in ('API_KEY', 'TEST_KEY', 'PUBLIC_KEY', 'AGENT', 'DEVICE', 'PROVIDER')
                   and (c.kind = any($3)
                        or (c.kind = any($4) and (c.owner_user_id = $5 or c.credential_id = $6 or c.parent_id = $6)))
                   and (c.expires_at < $2::timestamptz + interval '14 days' or o.policy_key_days > 0
                        or coalesce(c.last_used_at, c.created_at) < $2::timestamptz - interval '90 days')
                   and (c.parent_id is null or coalesce((
                       select p.kind <> 'PROVIDER' and coalesce(p.revoked_at, g.revoked_at, h.revoked_at) is null
                              and coalesce(least(p.expires_at, g.expires_at, h.expires_at) > $2::timestamptz, true)
                         from credential p
                         left join credential g on g.org_id = p.org_id and g.credential_id = p.parent_id
                         left join credential h on h.org_id = g.org_id and h.credential_id = g.parent_id
                        where p.org_id = c.org_id and p.credential_id = c.parent_id), false))
                 limit %d
            )""".formatted(MOST_TOKENS);
    private static final String EXPIRING = """
            select case when t.ends_at < $2::timestamptz + interval '3 days' then 2 else 4 end as rank, t.ends_at as at,
                   t.id as mark,
                   case when t.kind = 'PROVIDER' then 'PROVIDER_EXPIRING' else 'KEY_EXPIRING' end as advice, t.id,
                   t.kind as subject, t.label as name, t.last4,
                   case when cardinality(t.project_ids) = 1 then t.project_ids[1] end as project_id, t.environment_ids
              from tokens t
             where t.ends_at > $2::timestamptz and t.ends_at < $2::timestamptz + interval '14 days'
               and t.ends_at >= t.created_at + interval '7 days'
            """;
    private static final String UNUSED = """
            select 6, t.used_at, t.id, 'KEY_UNUSED', t.id, t.kind, t.label, t.last4,
                   case when cardinality(t.project_ids) = 1 then t.project_ids[1] end, t.environment_ids
              from tokens t
             where t.used_at < $2::timestamptz - interval '90 days'
               and coalesce(t.ends_at >= $2::timestamptz + interval '14 days', true)
            """;
    private static final String PAUSED = """
            select 3, w.paused_at, w.webhook_id, 'WEBHOOK_PAUSED', w.webhook_id, null, coalesce(w.description, ''), null,
                   null::uuid, '{}'::uuid[]
              from webhook w where w.org_id = $1 and $10 and w.paused_at is not null
            """;
    private static final String SIGNING = """
            select distinct 1, l.found_at, l.leak_id, 'WEBHOOK_SECRET_LEAKED', w.webhook_id, null, w.name, null, null::uuid,
                   '{}'::uuid[]
              from leak l
              join signing_secret w on w.org_id = l.org_id and w.webhook_id = l.item_id and w.print = l.print
             where l.org_id = $1 and $10 and $11 <= 1 and l.item = 'webhook_secret' and l.resolved_at is null
               and l.found_at <= $2::timestamptz
            """;
    private static final String SEEN = """
            ($7::uuid[] is null or s.project_id = any($7)) and ($8::uuid[] is null or %1$s.environment_id = any($8))
               and ($9 or not (%1$s.is_default or %1$s.name_key = 'production'))""";
    private static final String LEAKED = """
            select 1, l.found_at, l.leak_id, 'SECRET_LEAKED', s.secret_id, null, s.name, null, s.project_id,
                   array[l.environment_id]
              from standing_leak l
              join secret s on s.org_id = l.org_id and s.secret_id = l.secret_id and s.deleted_at is null
              join environment e on e.org_id = l.org_id and e.environment_id = l.environment_id and e.deleted_at is null
             where l.org_id = $1 and $11 <= 1 and l.found_at <= $2::timestamptz and %s
               and (1, l.found_at, l.leak_id) > ($11, $12, $13)
             order by l.found_at, l.leak_id limit $14 + 1
            """.formatted(SEEN.formatted("e"));
    // A secret stands once, with the oldest of its values. A page that is further down does not walk over them again.
    private static final String NEVER_ROTATED = """
            select 5, v.updated_at, s.secret_id, 'SECRET_NEVER_ROTATED', s.secret_id, null, s.name, null, s.project_id,
                   array(select w.environment_id from secret_value w
                           join environment f on f.org_id = w.org_id and f.environment_id = w.environment_id
                            and f.deleted_at is null
                          where w.org_id = v.org_id and w.secret_id = v.secret_id and w.current_version = 1
                            and w.revoked_at is null and w.updated_at < $2::timestamptz - interval '180 days' and %2$s
                          limit 200)
              from secret_value v
              join secret s on s.org_id = v.org_id and s.secret_id = v.secret_id and s.deleted_at is null
              join environment e on e.org_id = v.org_id and e.environment_id = v.environment_id and e.deleted_at is null
             where v.org_id = $1 and $11 <= 5 and v.current_version = 1 and v.revoked_at is null
               and v.updated_at < $2::timestamptz - interval '180 days' and %1$s
               and v.environment_id = (
                   select w.environment_id from secret_value w
                     join environment f on f.org_id = w.org_id and f.environment_id = w.environment_id
                      and f.deleted_at is null
                    where w.org_id = v.org_id and w.secret_id = v.secret_id and w.current_version = 1
                      and w.revoked_at is null and %2$s
                    order by w.updated_at, w.environment_id limit 1)
               and (5, v.updated_at, s.secret_id) > ($11, $12, $13)
               and v.updated_at >= case when $11 = 5 then $12 else '-infinity' end
             order by v.updated_at, v.secret_id limit $14 + 1
            """.formatted(SEEN.formatted("e"), SEEN.formatted("f"));
    static final String FIND = "with " + TOKENS + ", page as (" + EXPIRING + " union all " + UNUSED
            + " union all " + PAUSED + " union all " + SIGNING + " union all (" + LEAKED + ") union all ("
            + NEVER_ROTATED + """
            ) order by rank, at, mark
            )
            select p.*, array(select e.name from environment e
                               where e.org_id = $1 and e.environment_id = any(p.environment_ids)
                               order by e.name_key limit 200) as environments
              from (select * from page where (rank, at, mark) > ($11, $12, $13) order by rank, at, mark limit $14 + 1) p
             order by rank, at, mark
            """;
    private static final String NOW = "select clock_timestamp() as now";
    private static final UUID FIRST = new UUID(0, 0);

    private final Database database;

    public PostgresAdviceStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Found> find(View view, Page page) {
        @Nullable Instant asOf = page.asOf();
        Future<Instant> moment = asOf == null
                ? database.query(view.orgId(), NOW, Tuple.tuple()).map(PostgresAdviceStore::now)
                : Future.succeededFuture(asOf);
        return moment.compose(now ->
                database.query(view.orgId(), FIND, parameters(view, page, now)).map(rows -> found(rows, page, now)));
    }

    /** The same inside a transaction that has entered the organization. */
    Future<Found> find(Transaction transaction, View view, Page page) {
        return transaction
                .query(NOW, Tuple.tuple())
                .map(PostgresAdviceStore::now)
                .compose(now ->
                        transaction.query(FIND, parameters(view, page, now)).map(rows -> found(rows, page, now)));
    }

    private static Instant now(RowSet<Row> rows) {
        return instant(rows.iterator().next(), "now");
    }

    private static Tuple parameters(View view, Page page, Instant now) {
        Advice.@Nullable Place after = page.after();
        return Tuple.of(view.orgId(), now.atOffset(ZoneOffset.UTC))
                .addArrayOfString(view.all().toArray(String[]::new))
                .addArrayOfString(view.own().toArray(String[]::new))
                .addUUID(view.userId())
                .addUUID(view.credentialId())
                .addArrayOfUUID(array(view.projects()))
                .addArrayOfUUID(array(view.environments()))
                .addBoolean(view.production())
                .addBoolean(view.webhooks())
                .addInteger(after == null ? 0 : after.rank())
                .addOffsetDateTime((after == null ? Instant.EPOCH : after.at()).atOffset(ZoneOffset.UTC))
                .addUUID(after == null ? FIRST : after.id())
                .addInteger(page.limit());
    }

    private static UUID @Nullable [] array(@Nullable Set<UUID> ids) {
        return ids == null ? null : ids.toArray(UUID[]::new);
    }

    private static Found found(RowSet<Row> rows, Page page, Instant now) {
        List<Advice> advice = new ArrayList<>(rows.size());
        for (Row row : rows) {
            if (advice.size() < page.limit()) {
                advice.add(advice(row));
            }
        }
        return new Found(advice, now, rows.size() > page.limit());
    }

    private static Advice advice(Row row) {
        return new Advice(
                Advice.Kind.valueOf(row.getString("advice").toUpperCase(Locale.ROOT)),
                new Advice.Place(row.getInteger("rank"), instant(row, "at"), row.getUUID("mark")),
                row.getUUID("id"),
                row.getString("subject"),
                Objects.requireNonNull(row.getString("name")),
                row.getString("last4"),
                row.getUUID("project_id"),
                List.of(row.getArrayOfStrings("environments")));
    }

    private static Instant instant(Row row, String column) {
        OffsetDateTime time = Objects.requireNonNull(row.getOffsetDateTime(column));
        return time.toInstant();
    }
}
