-- What was found in public: a token of the organization, or a value that it stores. One row each, however often it is
-- reported, and with it one notice. Nothing refers to what is purged: the row stays when the token has gone.
create table leak (
    org_id         uuid        not null references org,
    leak_id        uuid        not null,
    credential_id  uuid,
    secret_id      uuid,
    environment_id uuid,
    version        bigint,
    -- Who said so, and where it was seen first. Their words.
    reporter       text        not null,
    url            text,
    source         text,
    found_at       timestamptz not null default clock_timestamp(),
    primary key (org_id, leak_id),
    check ((credential_id is null) <> (secret_id is null))
);
create unique index leak_credential on leak (org_id, credential_id) where credential_id is not null;
create unique index leak_value on leak (org_id, secret_id, environment_id, version) where secret_id is not null;
call wall_off('leak');
grant select, insert on leak to ${app_role};

-- A keyed fingerprint of the plaintext (docs/decisions/value-fingerprints.md). Values written before have none.
alter table secret_version add column fingerprint bytea;
create index secret_version_fingerprint on secret_version (fingerprint) where fingerprint is not null;
