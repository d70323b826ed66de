package com.fyvault.audit;

/**
 * The two statements over a batch, with the same parameters ({@link PostgresAuditBatch}): $1 to $5 are the actors, $6 to $8
 * the places, $9 to $16 the records, which point at actors and places by position, $17 to $25 the rows that they become.
 */
final class AuditStatements {
    private static final String INSERT = """
            insert into audit_event (org_id, first_id, last_id, event_ids, actors, actor_base, credential_ids, addresses,
                                     places, place_base, environment_ids, secret_ids, versions, actions, details, at,
                                     outcomes)
            select p.org_id, p.first_id, p.last_id, ($9::uuid[])[p.r1:p.r2], ($15::smallint[])[p.r1:p.r2], p.a1 - 1,
                   ($4::uuid[])[p.a1:p.a2], ($5::bytea[])[p.a1:p.a2], ($10::smallint[])[p.r1:p.r2], p.p1 - 1,
                   ($7::uuid[])[p.p1:p.p2], ($11::uuid[])[p.r1:p.r2], ($12::bigint[])[p.r1:p.r2],
                   ($13::smallint[])[p.r1:p.r2], ($16::text[])[p.r1:p.r2],
            """;
    private static final String ROWS = """
              from unnest($17::uuid[], $18::uuid[], $19::uuid[], $20::smallint[], $21::smallint[], $22::smallint[],
                          $23::smallint[], $24::smallint[], $25::smallint[])
                   as p(org_id, first_id, last_id, r1, r2, a1, a2, p1, p2)
            """;

    /**
     * Writes the batch if the authority of every actor holds and nothing has changed in any place, which is nearly always,
     * and answers with the time; else it writes nothing and answers with no row.
     */
    static final String WRITE_IF_ALL_HOLDS = INSERT + """
                   (select clock_timestamp()), ($14::smallint[])[p.r1:p.r2]
            """ + ROWS + """
             where not exists (
                       select from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as u(org_id, epoch, expires)
                         left join org o on o.org_id = u.org_id
                        where (u.epoch > 0 and (o.auth_epoch is distinct from u.epoch or o.deleted_at is not null))
                           or u.expires <= (extract(epoch from clock_timestamp()) * 1000000)::bigint)
               and not exists (
                       select from unnest($6::uuid[], $7::uuid[], $8::bigint[]) as u(org_id, environment_id, version)
                         left join environment e
                           on e.org_id = u.org_id and e.environment_id = u.environment_id and e.deleted_at is null
                        where u.version <> 0 and e.version is distinct from u.version)
            returning (extract(epoch from at) * 1000000)::bigint
            """;

    /**
     * Writes the batch, and what became of it. An actor is 0 when its authority holds, 1 when it has moved, 2 when it has
     * expired. A place is 0 when nothing changed in it, 1 when some value did, 2 when its meaning did or it is gone. Only where
     * a place is 1 are the heads of the secrets looked at: what was read is still good when its own head has not changed since.
     */
    static final String WRITE_AND_TELL = """
            with moment as materialized (
                select at, (extract(epoch from at) * 1000000)::bigint as micros from clock_timestamp() as at
            ), actors as materialized (
                select array_agg(case when u.epoch > 0 and (o.auth_epoch is distinct from u.epoch
                                                            or o.deleted_at is not null) then 1
                                      when u.expires <= (select micros from moment) then 2
                                      else 0 end::smallint order by u.n) as state
                  from unnest($1::uuid[], $2::bigint[], $3::bigint[]) with ordinality as u(org_id, epoch, expires, n)
                  left join org o on o.org_id = u.org_id
            ), places as materialized (
                select array_agg(case when u.version = 0 or e.version = u.version then 0
                                      when e.meaning_version <= u.version then 1
                                      else 2 end::smallint order by u.n) as state
                  from unnest($6::uuid[], $7::uuid[], $8::bigint[]) with ordinality
                       as u(org_id, environment_id, version, n)
                  left join environment e
                    on e.org_id = u.org_id and e.environment_id = u.environment_id and e.deleted_at is null
            ), changed as materialized (
                select coalesce(array_agg(r.n::smallint), '{}') as events
                  from unnest($10::smallint[]) with ordinality as r(place, n)
                 where 1 = any ((select state from places)::smallint[])
                   and (select state from places)[r.place] = 1
                   and not exists (select from secret_value v
                                    where v.org_id = ($6::uuid[])[r.place]
                                      and v.environment_id = ($7::uuid[])[r.place]
                                      and v.secret_id = ($11::uuid[])[r.n]
                                      and v.changed_version <= ($8::bigint[])[r.place])
            ), written as (
            """ + INSERT + """
                   m.at,
                   (select array_agg(case when ($14::smallint[])[n] not in (1, 5) then ($14::smallint[])[n]
                                          when a.state[($15::smallint[])[n]] = 2 then 2
                                          when a.state[($15::smallint[])[n]] = 1
                                            or e.state[($10::smallint[])[n]] = 2
                                            or n = any (c.events) then 3
                                          else ($14::smallint[])[n] end::smallint order by n)
                      from generate_series(p.r1::integer, p.r2) as n)
            """ + ROWS + """
                   , moment m, actors a, places e, changed c
            )
            select a.state, p.state, c.events, m.micros from actors a, places p, changed c, moment m
            """;

    private AuditStatements() {}
}
