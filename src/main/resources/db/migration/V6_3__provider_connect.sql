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
