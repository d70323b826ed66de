-- Own credentials that are no rows of credential are leaks as well: handles, invitations, and secrets that sign webhooks.
alter table leak
    add column item    text check (item in ('handle', 'invitation', 'webhook_secret')),
    add column item_id uuid,
    -- Which secret of the webhook: it may have another one by now.
    add column print   bytea,
    drop constraint leak_check,
    add constraint leak_of_one_thing
        check (num_nonnulls(credential_id, secret_id, item_id) = 1 and (item is null) = (item_id is null));
create index leak_signing on leak (org_id, found_at) where item = 'webhook_secret' and resolved_at is null;
create unique index leak_item on leak (org_id, item, item_id, print) nulls not distinct where item_id is not null;

-- Whose a handle is that was found is asked by its hash alone.
drop index handle_hash;
create unique index handle_hash on handle (handle_hash);

-- Keyed fingerprints of the secrets that sign, written by upkeep; empty for one that does not open.
alter table webhook
    add column print         bytea,
    add column earlier_print bytea;
alter table provider add column webhook_print bytea;
create index webhook_print on webhook (print) where print is not null;
create index webhook_earlier_print on webhook (earlier_print) where earlier_print is not null;
create index provider_webhook_print on provider (webhook_print) where webhook_print is not null;
create index webhook_unprinted on webhook (org_id) where print is null;
create index provider_unprinted on provider (org_id) where webhook_print is null;

-- Whoever writes another secret leaves its fingerprint to upkeep, and so does a node that knows nothing of fingerprints.
create function forget_webhook_print() returns trigger language plpgsql as
$$
begin
    new.earlier_print := old.print;
    new.print := null;
    return new;
end
$$;
create trigger webhook_print before update of secret on webhook
    for each row when (old.secret is distinct from new.secret) execute function forget_webhook_print();

create function forget_provider_print() returns trigger language plpgsql as
$$
begin
    new.webhook_print := null;
    return new;
end
$$;
create trigger provider_print before update of webhook_secret on provider
    for each row when (old.webhook_secret is distinct from new.webhook_secret) execute function forget_provider_print();

-- The secrets that sign at this moment. A provider's is there without a webhook as well.
create view signing_secret with (security_invoker = true) as
select w.org_id, w.webhook_id, w.print, coalesce(nullif(w.description, ''), substring(w.url from '^[a-z]+://([^/?#]+)')) as name
  from webhook w where w.ended_at is null
union all
select w.org_id, w.webhook_id, w.earlier_print, coalesce(nullif(w.description, ''), substring(w.url from '^[a-z]+://([^/?#]+)'))
  from webhook w where w.ended_at is null and w.earlier_until > clock_timestamp()
union all
select p.org_id, p.credential_id, p.webhook_print, c.label
  from provider p join credential c on c.org_id = p.org_id and c.credential_id = p.credential_id
 where c.revoked_at is null
   and not exists (select from webhook w where w.org_id = p.org_id and w.webhook_id = p.credential_id);
grant select on signing_secret to ${app_role};
