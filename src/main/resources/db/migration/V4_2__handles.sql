-- Handles: short-lived names for a secret in an environment. Only the SHA-256 of a handle is here.
create table handle (
    org_id         uuid        not null,
    handle_id      uuid        not null,
    handle_hash    bytea       not null,
    credential_id  uuid        not null,
    -- The token of the credential that it was minted with: a roll ends the handle.
    minter_token   bytea       not null,
    project_id     uuid        not null,
    environment_id uuid        not null,
    secret_id      uuid        not null,
    secret_name    text        not null,
    created_at     timestamptz not null,
    expires_at     timestamptz not null,
    revoked_at     timestamptz,
    seal           bytea       not null,
    primary key (org_id, handle_id),
    foreign key (org_id, credential_id) references credential on delete cascade
);
create unique index handle_hash on handle (org_id, handle_hash);
create index handle_minter on handle (org_id, credential_id, expires_at);
create index handle_expired on handle (expires_at);

grant select, insert, update, delete on handle to ${app_role};
