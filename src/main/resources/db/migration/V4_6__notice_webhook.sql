-- A notice goes out on two ways, each with tries of its own: by mail, and to the operator's webhook.
alter table notice
    add column hook_next_at  timestamptz not null default clock_timestamp(),
    add column hook_sent_at  timestamptz,
    add column hook_attempts integer     not null default 0,
    add column hook_failure  text;
-- What happened before there was a webhook is not told to it.
update notice set hook_next_at = 'infinity';
create index notice_hook_due on notice (hook_next_at) where hook_sent_at is null;
