-- Secrets that providers push. Whose a secret is decides who may overwrite it: null is the organization's own.
alter table secret add column provider_id uuid;
create index secret_provider on secret (org_id, provider_id) where provider_id is not null;

alter table secret_value
    -- The provider's own number of what it pushed last, and whose number that is; one that is not higher is refused.
    add column provider_version bigint,
    add column numbered_by      uuid,
    -- Versions up to this one were revoked, and are opened no more.
    add column revoked_through  bigint not null default 0,
    -- What was current before a rotation, readable by who asks for it until then. Sealed, for a writer to the table must
    -- not be able to make an old version readable again.
    add column previous_version bigint,
    add column previous_until   timestamptz,
    add column previous_seal    bytea;
