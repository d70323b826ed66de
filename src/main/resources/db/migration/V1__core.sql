-- Organizations, people, projects, environments, secrets, credentials, audit.
-- Runs as the owner; the application connects as ${app_role}, which the grants at the end describe.

create table org (
    org_id      uuid primary key,
    name        text        not null,
    slug        text        not null unique,
    -- Rises with every change of authority, under this row's lock. Each credential that changed
    -- carries the value in changed_epoch, so that a node can ask what moved since the one it knows.
    auth_epoch  bigint      not null default 1,
    created_at  timestamptz not null default clock_timestamp(),
    deleted_at  timestamptz
);

create table account (
    user_id     uuid primary key,
    email       text        not null unique,
    created_at  timestamptz not null default clock_timestamp()
);

create table membership (
    org_id      uuid        not null references org,
    user_id     uuid        not null references account,
    role        text        not null check (role in ('owner', 'admin', 'developer', 'member', 'viewer')),
    seal        bytea       not null,
    created_at  timestamptz not null default clock_timestamp(),
    primary key (org_id, user_id)
);

-- The only place of an organization's keys; deleting the row makes its data unreadable.
create table org_key (
    org_id      uuid        not null references org,
    epoch       integer     not null check (epoch > 0),
    wrapped     bytea       not null,
    is_primary  boolean     not null,
    wraps       bigint      not null default 0,
    created_at  timestamptz not null default clock_timestamp(),
    primary key (org_id, epoch)
);
create unique index org_key_primary on org_key (org_id) where is_primary;

create table project (
    org_id      uuid        not null references org,
    project_id  uuid        not null,
    name        text        not null,
    name_key    text        not null,
    description text,
    is_default  boolean     not null default false,
    created_at  timestamptz not null default clock_timestamp(),
    updated_at  timestamptz not null default clock_timestamp(),
    deleted_at  timestamptz,
    primary key (org_id, project_id)
);
create unique index project_name on project (org_id, name_key) where deleted_at is null;
create unique index project_default on project (org_id) where is_default;
create index project_deleted on project (deleted_at) where deleted_at is not null;

create table environment (
    org_id         uuid        not null,
    environment_id uuid        not null,
    project_id     uuid        not null,
    name           text        not null,
    name_key       text        not null,
    description    text,
    is_default     boolean     not null default false,
    sort_order     integer     not null default 0,
    -- Rises with every change of a value in it, of its name, or of what it is the default of.
    version        bigint      not null default 1,
    -- The version at which its name, its being the default or its being there last changed. A value
    -- that has not changed since a version is still good at a later one, as long as this has not risen.
    meaning_version bigint     not null default 1,
    -- Changes up to this version can no longer be told one by one: the rows that told them were purged.
    floor_version  bigint      not null default 0,
    created_at     timestamptz not null default clock_timestamp(),
    updated_at     timestamptz not null default clock_timestamp(),
    deleted_at     timestamptz,
    primary key (org_id, environment_id),
    foreign key (org_id, project_id) references project
) with (fillfactor = 70);
create unique index environment_name on environment (org_id, project_id, name_key) where deleted_at is null;
create unique index environment_default on environment (org_id, project_id) where is_default;
create index environment_deleted on environment (deleted_at) where deleted_at is not null;

create table secret (
    org_id           uuid        not null,
    secret_id        uuid        not null,
    project_id       uuid        not null,
    name             text        not null,
    name_key         text        not null,
    description      text,
    secret_type      text        not null,
    injection_config jsonb       not null default '{}',
    encryption_mode  text        not null check (encryption_mode in ('server', 'client')),
    created_by       text        not null,
    created_at       timestamptz not null default clock_timestamp(),
    updated_at       timestamptz not null default clock_timestamp(),
    last_rotated_at  timestamptz,
    deleted_at       timestamptz,
    primary key (org_id, secret_id),
    foreign key (org_id, project_id) references project
);
create unique index secret_name on secret (org_id, project_id, name_key) where deleted_at is null;
create index secret_deleted on secret (deleted_at) where deleted_at is not null;

-- The head: which version a secret has in an environment. Its seal finds a row rolled back by hand.
create table secret_value (
    org_id          uuid        not null,
    environment_id  uuid        not null,
    secret_id       uuid        not null,
    current_version bigint      not null check (current_version > 0),
    -- environment.version as it was set by the change, so that nodes can ask what moved.
    changed_version bigint      not null,
    revoked_at      timestamptz,
    updated_at      timestamptz not null default clock_timestamp(),
    seal            bytea       not null,
    primary key (org_id, environment_id, secret_id),
    foreign key (org_id, environment_id) references environment,
    foreign key (org_id, secret_id) references secret
);
create index secret_value_changed on secret_value (org_id, environment_id, changed_version);
create index secret_value_secret on secret_value (org_id, secret_id);

create table secret_version (
    org_id         uuid        not null,
    secret_id      uuid        not null,
    environment_id uuid        not null,
    version        bigint      not null,
    envelope       bytea       not null,
    created_by     text        not null,
    credential_id  uuid,
    created_at     timestamptz not null default clock_timestamp(),
    primary key (org_id, secret_id, environment_id, version)
);
-- Sealed bytes do not compress.
alter table secret_version alter column envelope set storage external;

-- One table for every kind of bearer token. Only the SHA-256 of the token is here.
create table credential (
    org_id          uuid        not null references org,
    credential_id   uuid        not null,
    token_hash      bytea       not null,
    kind            text        not null,
    label           text        not null,
    last4           text        not null,
    scopes          text[]      not null,
    project_ids     uuid[]      not null default '{}',
    environment_ids uuid[]      not null default '{}',
    secret_patterns text[]      not null default '{}',
    cidrs           text[]      not null default '{}',
    limits          jsonb       not null default '{}',
    owner_user_id   uuid,
    owner_team_id   uuid,
    parent_id       uuid,
    -- Of a session: the token of its parent that it was minted with. A roll of the parent ends it.
    parent_token    bytea,
    created_by      text        not null,
    created_at      timestamptz not null default clock_timestamp(),
    expires_at      timestamptz,
    revoked_at      timestamptz,
    revoked_by      text,
    last_used_at    timestamptz,
    changed_epoch   bigint      not null,
    seal            bytea       not null,
    primary key (org_id, credential_id),
    foreign key (org_id, parent_id) references credential
);
create unique index credential_token on credential (token_hash);
create index credential_changed on credential (org_id, changed_epoch);
-- The token is there for counting: the sessions that earlier tokens of a key have left are not walked over.
create index credential_parent on credential (org_id, parent_id, parent_token, expires_at)
    where parent_id is not null;
create index credential_kind on credential (org_id, kind, credential_id);
create index credential_expired on credential (expires_at) where kind = 'SESSION';

create table idempotency (
    org_id       uuid        not null,
    principal_id uuid        not null,
    route        text        not null,
    key          text        not null,
    fingerprint  bytea       not null,
    status       integer     not null default 0,
    body         text        not null default '',
    created_at   timestamptz not null default clock_timestamp(),
    primary key (org_id, principal_id, route, key)
);
create index idempotency_age on idempotency (created_at);

create table node (
    node_id    uuid primary key,
    started_at timestamptz not null default clock_timestamp(),
    seen_at    timestamptz not null default clock_timestamp()
);

-- One row for every answer that released something and for every change. event_id is the
-- X-Request-Id of that answer: a UUID of version 7, so its index follows time.
create table audit_event (
    event_id       uuid        not null,
    org_id         uuid        not null,
    at             timestamptz not null,
    credential_id  uuid,
    user_id        uuid,
    environment_id uuid,
    secret_id      uuid,
    version        bigint,
    action         smallint    not null,
    outcome        smallint    not null,
    address        bytea,
    details        jsonb
) partition by range (at);
create index audit_event_org on audit_event (org_id, event_id);
create table audit_event_rest partition of audit_event default;

-- Partitions a month each, three ahead. Called at start and daily; owned by the owner, so the
-- application's role needs no right to create tables.
create function ensure_audit_partitions() returns void
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
                with (autovacuum_vacuum_insert_threshold = 10000000, autovacuum_analyze_threshold = 1000000)',
                part, month, (month + interval '1 month')::date);
        end if;
    end loop;
end
$$;
select ensure_audit_partitions();

grant usage on schema public to ${app_role};
grant select, insert, update on org, account, membership, org_key, project, environment, secret,
    secret_value, secret_version, credential, idempotency, node to ${app_role};
grant delete on org_key, project, environment, secret, secret_value, secret_version, credential, idempotency, node
    to ${app_role};
-- History is append-only for the application: no update, no delete, no truncate.
grant select, insert on audit_event to ${app_role};
revoke all on function ensure_audit_partitions() from public;
grant execute on function ensure_audit_partitions() to ${app_role};
