-- People: how they prove who they are, and how long that holds.
--
-- An account is of the installation, not of an organization, so these tables name none. What a person may do in an
-- organization stands in membership, and what their login does there in a row of credential.

-- account.email is the key: trimmed, NFKC, lower case. The mailbox is what was written, for mails.
alter table account
    add column mailbox        text,
    add column name           text,
    -- Argon2id as a PHC string; null for an account that has no password yet. Its seal is over the account and the
    -- hash: a writer to the table cannot give anybody a password.
    add column password_hash  text,
    add column password_seal  bytea,
    add column verified_at    timestamptz,
    add column deactivated_at timestamptz;

-- One row a login. Only the SHA-256 of its token is here.
create table login_session (
    session_id    uuid        primary key,
    user_id       uuid        not null references account,
    token_hash    bytea       not null unique,
    -- A cookie is idle after a while; a token of a program is not.
    cookie        boolean     not null,
    signed_in_at  timestamptz not null,
    stepped_up_at timestamptz,
    last_seen_at  timestamptz not null,
    expires_at    timestamptz not null,
    ended_at      timestamptz,
    address       bytea,
    agent         text,
    seal          bytea       not null
);
create index login_session_user on login_session (user_id) where ended_at is null;
create index login_session_expired on login_session (expires_at);

-- Which credential a login has in an organization: what to withdraw when it ends.
create table login_entry (
    session_id    uuid not null references login_session on delete cascade,
    org_id        uuid not null,
    credential_id uuid not null,
    primary key (session_id, org_id)
);

-- What was mailed to somebody to be sent back: once, for a while. The payload is sealed under the root key.
create table mail_token (
    token_hash bytea       primary key,
    purpose    text        not null check (purpose in ('sign_up', 'reset')),
    email      text        not null,
    user_id    uuid        references account,
    payload    bytea,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    used_at    timestamptz
);
create index mail_token_email on mail_token (email, purpose);
create index mail_token_expired on mail_token (expires_at);

-- Between the password and the second factor.
create table pending_login (
    token_hash bytea       primary key,
    user_id    uuid        not null references account,
    cookie     boolean     not null,
    expires_at timestamptz not null,
    seal       bytea       not null
);
create index pending_login_expired on pending_login (expires_at);

-- A browser that has signed in to an account before.
create table known_browser (
    browser_hash bytea       not null,
    user_id      uuid        not null references account,
    created_at   timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    seal         bytea       not null,
    primary key (browser_hash, user_id)
);
create index known_browser_old on known_browser (last_seen_at);

-- Wrong passwords in a row, for an address or for a known browser of its account, by a keyed hash of the name: there is a
-- row for a name that nobody has, too.
create table password_failure (
    subject      bytea       primary key,
    failures     integer     not null,
    closed_until timestamptz,
    last_at      timestamptz not null
) with (fillfactor = 70);
create index password_failure_last on password_failure (last_at);

-- What a person did with their account. There is no organization whose trail it could stand in.
create table person_event (
    event_id   uuid        primary key,
    user_id    uuid,
    at         timestamptz not null default clock_timestamp(),
    action     text        not null,
    outcome    text        not null check (outcome in ('done', 'refused')),
    session_id uuid,
    address    bytea,
    details    jsonb
);
create index person_event_user on person_event (user_id, event_id);

-- Mails that wait to be sent, sealed: a body holds a token. Gone once sent.
create table mail_outbox (
    mail_id    uuid        primary key,
    sealed     bytea       not null,
    created_at timestamptz not null default clock_timestamp(),
    next_at    timestamptz not null default clock_timestamp(),
    attempts   integer     not null default 0,
    failure    text
);
create index mail_outbox_due on mail_outbox (next_at);

-- A login's credential is forgotten like a session token.
drop index credential_expired;
create index credential_expired on credential (expires_at) where kind in ('SESSION', 'LOGIN');

grant select, insert, update, delete on login_session, mail_token, pending_login, known_browser, password_failure,
    mail_outbox to ${app_role};
grant select, insert, delete on login_entry to ${app_role};
-- History is append-only for the application.
grant select, insert on person_event to ${app_role};
