-- The second wall between organizations (docs/decisions/row-level-security.md): a statement sees and writes rows of the
-- one organization that the setting fyvault.org names, or of every one when it says so. Without it there is no row but an
-- error: who forgets it is not told that something does not exist.
--
-- A table that comes later calls wall_off itself; a test fails for one that does not. A migration that touches rows is
-- run with fyvault.org = every (platform/postgres/Migrations).

-- How many devices a secret was assigned to was looked up with @>, which PostgreSQL may not ask before the policy, and so
-- not of an index. Equality of uuids it may. Nothing is granted by this table: what a device may read stands in its
-- credential, under the seal.
create table device_secret (
    org_id        uuid not null,
    secret_id     uuid not null,
    credential_id uuid not null,
    primary key (org_id, secret_id, credential_id),
    foreign key (org_id, credential_id) references credential on delete cascade
);
create index device_secret_device on device_secret (org_id, credential_id);
drop index credential_assigned;

create function note_device_secrets() returns trigger language plpgsql as
$$
begin
    if tg_op = 'UPDATE' then
        delete from device_secret where org_id = new.org_id and credential_id = new.credential_id;
    end if;
    if new.revoked_at is null then
        insert into device_secret (org_id, secret_id, credential_id)
        select distinct new.org_id, substr(pattern, 2)::uuid, new.credential_id
          from unnest(new.secret_patterns) as pattern where pattern ~ '^#[0-9a-f-]{36}$';
    end if;
    return null;
end
$$;
create trigger device_added after insert on credential
    for each row when (new.kind = 'DEVICE') execute function note_device_secrets();
create trigger device_changed after update on credential
    for each row when (new.kind = 'DEVICE' and (new.secret_patterns is distinct from old.secret_patterns
                                                or new.revoked_at is distinct from old.revoked_at))
    execute function note_device_secrets();
insert into device_secret (org_id, secret_id, credential_id)
select distinct c.org_id, substr(pattern, 2)::uuid, c.credential_id
  from credential c, unnest(c.secret_patterns) as pattern
 where c.kind = 'DEVICE' and c.revoked_at is null and pattern ~ '^#[0-9a-f-]{36}$';
grant select, insert, delete on device_secret to ${app_role};

-- The setting is read once a statement, not once a row: a subquery that names no column is run once.
create procedure wall_off(walled regclass) language plpgsql as
$$
declare
    sees text := '(select current_setting(''fyvault.org'', true) = ''every'')
        or org_id = (select nullif(current_setting(''fyvault.org''), ''every'')::uuid)';
begin
    execute format('alter table %s enable row level security, force row level security', walled);
    execute format('create policy one_organization on %s using (%s) with check (%s)', walled, sees, sees);
end
$$;
revoke all on procedure wall_off(regclass) from public;

do $$
declare
    walled regclass;
begin
    for walled in
        select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
         where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
    loop
        call wall_off(walled);
    end loop;
end
$$;

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
            call wall_off(part::regclass);
        end if;
    end loop;
end
$$;
