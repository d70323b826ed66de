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

-- Where an organization is told of its events (Standard Webhooks). What is in it after the cursor was not looked at yet.
create table webhook (
    org_id         uuid        not null references org,
    webhook_id     uuid        not null,
    url            text        not null,
    description    text,
    -- Names of types, or secret.* for all of a kind; empty for every one.
    types          text[]      not null,
    enabled        boolean     not null,
    -- Signs what is sent. In an envelope under the organization's key, for purpose "webhook" of this id.
    secret         bytea       not null,
    -- The one before, which signs as well until then.
    earlier_secret bytea,
    earlier_until  timestamptz,
    -- The key that it was made with, without which it is silent; null when a person made it.
    made_with      uuid,
    created_by     text        not null,
    created_at     timestamptz not null default clock_timestamp(),
    updated_at     timestamptz not null default clock_timestamp(),
    cursor_tx      xid8        not null,
    cursor_id      uuid        not null,
    -- Since when no try has succeeded; and when it was given up for that.
    failing_since  timestamptz,
    paused_at      timestamptz,
    -- Over what says where to: a row that was altered by hand is told nothing.
    seal           bytea       not null,
    primary key (org_id, webhook_id)
);
call wall_off('webhook');

create table webhook_delivery (
    org_id       uuid        not null,
    webhook_id   uuid        not null,
    event_id     uuid        not null,
    payload      text        not null,
    created_at   timestamptz not null default clock_timestamp(),
    attempts     integer     not null default 0,
    -- Null when there is no further try.
    next_at      timestamptz default clock_timestamp(),
    delivered_at timestamptz,
    status       integer,
    failure      text,
    primary key (org_id, webhook_id, event_id),
    foreign key (org_id, webhook_id) references webhook on delete cascade
);
create index webhook_delivery_due on webhook_delivery (next_at) where next_at is not null;
create index webhook_delivery_age on webhook_delivery (created_at);
call wall_off('webhook_delivery');
grant select, insert, update, delete on webhook, webhook_delivery to ${app_role};
