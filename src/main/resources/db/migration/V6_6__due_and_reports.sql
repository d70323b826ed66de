-- What is due is looked for by webhook: the messages of one that hangs, however many, are one step for whoever looks for those of
-- the others.
drop index webhook_delivery_due;
create index webhook_delivery_due on webhook_delivery (org_id, webhook_id, next_at) where next_at is not null;

-- Signed reports of leaks that were taken, by the SHA-256 of their bytes: one that was answered is not taken again. Of no
-- organization, for a report may be about many.
create table leak_report (
    digest      bytea       primary key,
    taken_at    timestamptz not null default clock_timestamp(),
    -- Null while it is being worked on, or when the node that did has died.
    answered_at timestamptz
);
create index leak_report_age on leak_report (taken_at);
grant select, insert, update, delete on leak_report to ${app_role};

-- The provider's number of a secret that was deleted still counts when it pushes the name anew.
create index secret_deleted_pushed on secret (org_id, project_id, name_key)
    where deleted_at is not null and provider_id is not null;
