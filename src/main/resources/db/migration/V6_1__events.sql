-- What has changed, for whoever is told of it: written in the transaction of the change, read in the order of commits, gone
-- after a week (docs/EVENTS.md). No value and no token stands here.
create table event (
    org_id         uuid        not null,
    -- The transaction that wrote it. Events are read up to the oldest transaction that still runs: what commits later is
    -- after what was read, so no reader that remembers a place misses one.
    tx             xid8        not null default pg_current_xact_id(),
    event_id       uuid        not null,
    at             timestamptz not null default clock_timestamp(),
    type           text        not null,
    project_id     uuid,
    environment_id uuid,
    -- Names as they were at the change.
    environment    text,
    production     boolean     not null default false,
    secret_id      uuid,
    secret         text,
    -- The token that the event is about.
    credential_id  uuid,
    -- The token that did it; null for the server itself and for its operator.
    actor_id       uuid,
    data           jsonb       not null default '{}' check (pg_column_size(data) <= 4096),
    primary key (org_id, tx, event_id)
);
create index event_age on event (at);
call wall_off('event');
grant select, insert, delete on event to ${app_role};
