-- What an organization should look at: advice, the weekly mail of it, leaks that are open or closed, and fingerprints of
-- values that were written before there were any.

-- Tokens that live, and values that were never replaced, as advice looks for them.
create index credential_live on credential (org_id, created_at)
    where revoked_at is null and kind in ('API_KEY', 'TEST_KEY', 'PUBLIC_KEY', 'AGENT', 'DEVICE', 'PROVIDER');
create index secret_value_first on secret_value (org_id, updated_at, secret_id)
    where current_version = 1 and revoked_at is null;

-- What the reporter calls it, the notice that told of it, and who has closed it by hand. What ends by itself is closed without that.
alter table leak
    add column type        text,
    add column notice_id   uuid,
    add column resolved_at timestamptz,
    add column resolved_by text,
    add column note        text;
update leak l set notice_id = n.notice_id
  from notice n where n.org_id = l.org_id and n.payload ->> 'leakId' = l.leak_id::text;
create index leak_unresolved on leak (org_id, found_at, leak_id) where secret_id is not null and resolved_at is null;
grant update (resolved_at, resolved_by, note) on leak to ${app_role};

-- Leaks of values that still stand: what leaked is current, or readable as the one before, or was written once more.
create view standing_leak with (security_invoker = true) as
select l.org_id, l.leak_id, l.secret_id, l.environment_id, l.version, l.found_at, l.url, l.source
  from leak l
  join secret_value v on v.org_id = l.org_id and v.environment_id = l.environment_id and v.secret_id = l.secret_id
 where l.secret_id is not null and l.resolved_at is null and v.revoked_at is null
   and (v.current_version = l.version
        or (v.previous_version = l.version and v.previous_until > clock_timestamp() and l.version > v.revoked_through)
        or exists (
            select from secret_version a
              join secret_version b on b.org_id = a.org_id and b.secret_id = a.secret_id
                                   and b.environment_id = a.environment_id and b.version = v.current_version
             where a.org_id = l.org_id and a.secret_id = l.secret_id and a.environment_id = l.environment_id
               and a.version = l.version and a.fingerprint = b.fingerprint));
grant select on standing_leak to ${app_role};

-- Up to which version a head was looked at for fingerprints. Who writes a value goes on with it; a node that knows nothing of
-- it, or a value of before, leaves it behind, which is what upkeep finds.
alter table secret_value add column printed_version bigint not null default 0;
update secret_value v set printed_version = v.current_version
  from secret_version x
 where x.org_id = v.org_id and x.secret_id = v.secret_id and x.environment_id = v.environment_id
   and x.version = v.current_version and x.fingerprint is not null;
create index secret_value_unprinted on secret_value (org_id, environment_id, secret_id)
    where printed_version < current_version;

-- A mail that is sent once or not at all: no second try once it may have left.
alter table mail_outbox add column once boolean not null default false;

-- When an organization is looked at next for its weekly mail.
create table digest (
    org_id  uuid        primary key references org on delete cascade,
    enabled boolean     not null default true,
    next_at timestamptz not null default clock_timestamp() + interval '7 days',
    sent_at timestamptz
);
create index digest_due on digest (next_at) where enabled;
call wall_off('digest');
grant select, insert, update on digest to ${app_role};
-- Organizations that are there already are spread over a week.
insert into digest (org_id, next_at) select org_id, clock_timestamp() + random() * interval '7 days' from org;

create function add_digest() returns trigger language plpgsql as
$$
begin
    insert into digest (org_id) values (new.org_id);
    return null;
end
$$;
create trigger org_digest after insert on org for each row execute function add_digest();
