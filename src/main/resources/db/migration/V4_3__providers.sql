-- What a provider has besides its credential. What it may do stands there: environments, name prefix, addresses, limits.
create table provider (
    org_id         uuid not null,
    credential_id  uuid not null,
    provider_type  text not null,
    description    text,
    -- The prefix as it was written; what it allows is the credential's, in lower case.
    secret_prefix  text,
    -- Signs what the provider is told. In an envelope under the organization's key, for purpose "webhook" of this id.
    webhook_secret bytea not null,
    primary key (org_id, credential_id),
    foreign key (org_id, credential_id) references credential on delete cascade
);

grant select, insert, update on provider to ${app_role};
