-- One row is what one batch recorded for one organization (docs/decisions/audit-table.md). The records of a row are
-- arrays, one element a record; who and where stand once and are pointed at. audit_trail shows them one by one.
create table audit_event_before as select * from audit_event;
drop table audit_event;

create table audit_event (
    org_id          uuid        not null,
    -- The least and the greatest id in the row, at most a second apart (PostgresTrailStore relies on it).
    first_id        uuid        not null,
    last_id         uuid        not null,
    at              timestamptz not null,
    event_ids       uuid[]      not null,
    -- Positions in the lists that follow; the first element of a list is at base + 1.
    actors          smallint[]  not null,
    actor_base      smallint    not null,
    credential_ids  uuid[]      not null,
    user_ids        uuid[],
    addresses       bytea[]     not null,
    places          smallint[]  not null,
    place_base      smallint    not null,
    environment_ids uuid[]      not null,
    secret_ids      uuid[]      not null,
    -- 0 for none.
    versions        bigint[]    not null,
    actions         smallint[]  not null,
    outcomes        smallint[]  not null,
    details         text[]
) partition by range (at);
create index audit_event_org on audit_event (org_id, last_id);

-- Ids do not compress, and trying costs more than the space. Up to a page a row stays in one piece (see the partitions).
alter table audit_event
    alter column event_ids set storage external,
    alter column actors set storage external,
    alter column credential_ids set storage external,
    alter column addresses set storage external,
    alter column places set storage external,
    alter column environment_ids set storage external,
    alter column secret_ids set storage external,
    alter column versions set storage external,
    alter column actions set storage external,
    alter column outcomes set storage external;
create table audit_event_rest partition of audit_event default with (toast_tuple_target = 8160);

create or replace function ensure_audit_partitions() returns void
    language plpgsql security definer set search_path = public, pg_temp as
$$
declare
    first date := date_trunc('month', now())::date;
    month date;
    part  text;
begin
    perform pg_advisory_xact_lock(7305812);
    for i in 0..3 loop
        month := (first + make_interval(months => i))::date;
        part := 'audit_event_' || to_char(month, 'YYYYMM');
        if to_regclass(part) is null then
            -- Rows are never changed, so there is little to vacuum: not after every fifth row, as is the default.
            execute format('create table %I partition of audit_event for values from (%L) to (%L)
                with (toast_tuple_target = 8160,
                      autovacuum_vacuum_insert_threshold = 1000000, autovacuum_analyze_threshold = 100000)',
                part, month, (month + interval '1 month')::date);
        end if;
    end loop;
end
$$;
select ensure_audit_partitions();

insert into audit_event (org_id, first_id, last_id, at, event_ids, actors, actor_base, credential_ids, user_ids, addresses,
                         places, place_base, environment_ids, secret_ids, versions, actions, outcomes, details)
select org_id, event_id, event_id, at, array[event_id], '{1}', 0, array[credential_id], array[user_id], array[address],
       '{1}', 0, array[environment_id], array[secret_id], array[coalesce(version, 0)], array[action], array[outcome],
       case when details is not null then array[details::text] end
  from audit_event_before;
drop table audit_event_before;

create function audit_records(batch audit_event)
    returns table (event_id uuid, org_id uuid, at timestamptz, credential_id uuid, user_id uuid, environment_id uuid,
                   secret_id uuid, version bigint, action smallint, outcome smallint, address bytea, details jsonb)
    language sql stable as
$$
select r.event_id, batch.org_id, batch.at, batch.credential_ids[r.actor - batch.actor_base],
       batch.user_ids[r.actor - batch.actor_base], batch.environment_ids[r.place - batch.place_base],
       r.secret_id, nullif(r.version, 0), r.action, r.outcome, batch.addresses[r.actor - batch.actor_base],
       r.details::jsonb
  from unnest(batch.event_ids, batch.actors, batch.places, batch.secret_ids, batch.versions, batch.actions,
              batch.outcomes, batch.details)
       as r(event_id, actor, place, secret_id, version, action, outcome, details)
$$;

-- Each record by itself, for people and for tests. It has the rights of whoever asks.
create view audit_trail with (security_invoker = true) as
select r.* from audit_event b cross join lateral audit_records(b) r;

-- The newest records of an organization, of ids from oldest to newest and before the place where the last page ended:
-- at least as many as wanted, if there are so many, with none left out among them; in no order.
-- reach is the greatest id that a row may end with which has something of newest or below.
create function audit_walk(org uuid, oldest uuid, newest uuid, reach uuid, after_id uuid, after_micros bigint,
                           after_secret uuid, wanted integer)
    returns setof audit_trail language plpgsql stable as
$$
declare
    batch audit_event;
    floor uuid;
    least uuid;
    seen  integer := 0;
    more  integer;
begin
    for batch in select b.* from audit_event b
                  where b.org_id = org and b.last_id >= oldest and b.last_id <= reach and b.first_id <= newest
                  order by b.last_id desc loop
        -- Whatever comes now is older than all that was wanted.
        exit when floor is not null and batch.last_id < floor;
        return query
            select r.* from audit_records(batch) r
             where r.event_id between oldest and newest
               and (after_id is null
                    or (r.event_id, (extract(epoch from r.at) * 1000000)::bigint,
                        coalesce(r.secret_id, '00000000-0000-0000-0000-000000000000'))
                       < (after_id, after_micros, after_secret));
        get diagnostics more = row_count;
        seen := seen + more;
        least := case when least is null or batch.first_id < least then batch.first_id else least end;
        if seen >= wanted and floor is null then
            floor := least;
        end if;
    end loop;
end
$$;

grant select, insert on audit_event to ${app_role};
grant select on audit_trail to ${app_role};
