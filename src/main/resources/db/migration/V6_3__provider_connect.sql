-- Where a provider is told of what is its own (docs/PROVIDERS.md). Its row in webhook has the provider's id, so that the secret
-- of the provider opens for it, and is told of nothing else.
alter table webhook
    add column provider_id uuid,
    -- The provider is over and has been told so: it is told of nothing more.
    add column ended_at    timestamptz,
    add check (provider_id = webhook_id),
    add foreign key (org_id, provider_id) references provider on delete cascade;
create index webhook_provider on webhook (org_id, provider_id) where provider_id is not null;

-- The end of the token that was told of as near.
alter table provider add column end_told timestamptz;
create index credential_provider_end on credential (expires_at)
    where kind = 'PROVIDER' and revoked_at is null and expires_at is not null;

-- What a person has agreed to: a provider that there will be once somebody exchanges the code. Kept for a day, for a code that
-- comes a second time ends what was made with it.
create table connect_code (
    org_id          uuid        not null references org,
    code_id         uuid        not null,
    code_hash       bytea       not null,
    name            text        not null,
    project_ids     uuid[]      not null,
    environment_ids uuid[]      not null,
    secret_patterns text[]      not null,
    cidrs           text[]      not null,
    secret_prefix   text,
    webhook_url     text,
    redirect_uri    text        not null,
    -- SHA-256 of the verifier (RFC 7636).
    challenge       bytea       not null,
    user_id         uuid        not null,
    created_by      text        not null,
    expires_at      timestamptz not null,
    -- Exchanges with a wrong verifier or address.
    missed          integer     not null default 0,
    used_at         timestamptz,
    provider_id     uuid,
    -- Over everything that says what is given, to whom and by whom.
    seal            bytea       not null,
    primary key (org_id, code_id),
    unique (org_id, code_hash)
);
create index connect_code_open on connect_code (org_id, expires_at) where used_at is null;
create index connect_code_age on connect_code (expires_at);
call wall_off('connect_code');
grant select, insert, update, delete on connect_code to ${app_role};
