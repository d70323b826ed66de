-- What an organization's state and its members' roles take away from tokens. Each change carries the
-- auth_epoch that its own commit set, as the changes of credentials do.
alter table org
    add column locked_at     timestamptz,
    add column changed_epoch bigint not null default 1;

alter table membership
    add column changed_epoch bigint not null default 1,
    drop constraint membership_role_check,
    add constraint membership_role_check
        check (role in ('owner', 'admin', 'developer', 'member', 'viewer', 'none'));
create index membership_changed on membership (org_id, changed_epoch);
