-- Second factors of people. They belong to a person and so to no organization.

-- The secret that an authenticator app shares with the server. Not in force before a first code has confirmed it.
create table totp (
    user_id      uuid primary key references account,
    -- AES-256-GCM under a key derived from the root, with the person's id in it.
    sealed       bytea       not null,
    -- The newest time step whose code was used: that code and all before it are spent.
    last_step    bigint      not null default 0,
    created_at   timestamptz not null default clock_timestamp(),
    confirmed_at timestamptz
);

-- Only keyed hashes of the codes are here, each over the person's id as well.
create table recovery_code (
    user_id    uuid        not null references account,
    code_hash  bytea       not null,
    created_at timestamptz not null default clock_timestamp(),
    used_at    timestamptz,
    primary key (user_id, code_hash)
);

create table passkey (
    passkey_id    uuid primary key,
    user_id       uuid        not null references account,
    -- As the authenticator named it: at most 1,023 bytes (WebAuthn, 4).
    credential_id bytea       not null unique check (octet_length(credential_id) between 1 and 1023),
    -- AAGUID, credential id and COSE key, as they were attested.
    attested      bytea       not null,
    name          text        not null,
    transports    text[]      not null default '{}',
    -- Whether the authenticator may copy it elsewhere; fixed when it is made.
    backup_eligible boolean   not null,
    sign_count    bigint      not null,
    created_at    timestamptz not null default clock_timestamp(),
    last_used_at  timestamptz,
    -- Over all that says whose key it is: whoever can write here cannot give somebody a passkey.
    seal          bytea       not null
);
create index passkey_user on passkey (user_id);

-- Challenges that were answered rightly; each is good once. One that nobody answered leaves nothing here.
create table spent_challenge (
    challenge bytea primary key,
    spent_at  timestamptz not null default clock_timestamp()
);
create index spent_challenge_age on spent_challenge (spent_at);

-- How often a code was tried at the second step of a login.
alter table pending_login add column tries integer not null default 0;

grant select, insert, update, delete on totp, recovery_code, passkey, spent_challenge to ${app_role};
