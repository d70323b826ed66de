-- Why a break-glass token was opened, and for whom. What it may do stands in its credential.
create table break_glass (
    org_id        uuid not null,
    credential_id uuid not null,
    user_id       uuid not null references account,
    reason        text not null,
    primary key (org_id, credential_id),
    foreign key (org_id, credential_id) references credential on delete cascade
);

-- What people must hear of. Written in the transaction of what it tells, so neither is without the other.
create table notice (
    org_id     uuid        not null references org,
    notice_id  uuid        not null,
    kind       text        not null,
    recipients text[]      not null,
    payload    jsonb       not null,
    created_at timestamptz not null default clock_timestamp(),
    -- Not before this: whoever takes a notice to send it moves this on, so that two nodes do not both send it.
    next_at    timestamptz not null default clock_timestamp(),
    sent_at    timestamptz,
    attempts   integer     not null default 0,
    failure    text,
    primary key (org_id, notice_id)
);
create index notice_due on notice (next_at) where sent_at is null;

grant select, insert on break_glass to ${app_role};
grant select, insert, update on notice to ${app_role};
