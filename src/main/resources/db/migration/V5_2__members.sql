-- Roles by project, teams, invitations, and what an organization asks of every token.

-- The projects that a member has a role of their own in stand in the member's row: one look-up, one seal, and no
-- row that could be taken away to make somebody's reach wider (docs/decisions/project-roles.md).
alter table membership
    add column assigned_only boolean not null default false,
    add column project_ids   uuid[]  not null default '{}',
    add column project_roles text[]  not null default '{}',
    -- Removed for good, and no longer listed; a member in the role none who has no such time is only deactivated.
    add column removed_at    timestamptz;

alter table org
    add column policy_key_days      integer not null default 0,
    add column policy_second_factor boolean not null default false,
    add column policy_cidrs         text[]  not null default '{}',
    add column policy_seal          bytea;

create table team (
    org_id        uuid        not null references org,
    team_id       uuid        not null,
    name          text        not null,
    name_key      text        not null,
    role          text        not null check (role in ('admin', 'developer', 'member', 'viewer', 'none')),
    assigned_only boolean     not null,
    project_ids   uuid[]      not null,
    project_roles text[]      not null,
    seal          bytea       not null,
    changed_epoch bigint      not null,
    created_at    timestamptz not null default clock_timestamp(),
    -- A deleted team stays, in the role none, so that every node hears of it.
    deleted_at    timestamptz,
    primary key (org_id, team_id)
);
create unique index team_name on team (org_id, name_key) where deleted_at is null;
create index team_changed on team (org_id, changed_epoch);

create table team_member (
    org_id   uuid        not null,
    team_id  uuid        not null,
    user_id  uuid        not null,
    added_at timestamptz not null default clock_timestamp(),
    primary key (org_id, team_id, user_id),
    foreign key (org_id, team_id) references team,
    foreign key (org_id, user_id) references membership
);
create index team_member_user on team_member (org_id, user_id);

-- The mail holds the token, this row its SHA-256. What it gives is sealed.
create table invitation (
    org_id        uuid        not null references org,
    invitation_id uuid        not null,
    token_hash    bytea       not null,
    -- What it is compared by, and where the mail goes.
    email         text        not null,
    mailbox       text        not null,
    role          text        not null check (role in ('owner', 'admin', 'developer', 'member', 'viewer')),
    assigned_only boolean     not null,
    project_ids   uuid[]      not null,
    project_roles text[]      not null,
    team_ids      uuid[]      not null,
    invited_by    uuid,
    created_at    timestamptz not null default clock_timestamp(),
    expires_at    timestamptz not null,
    ended_at      timestamptz,
    outcome       text check (outcome in ('accepted', 'declined', 'withdrawn', 'replaced')),
    seal          bytea       not null,
    primary key (org_id, invitation_id)
);
create unique index invitation_token on invitation (token_hash);
create index invitation_open on invitation (org_id, invitation_id) where ended_at is null;
create index invitation_email on invitation (org_id, email) where ended_at is null;

-- What a person owns, without the sessions, of which there are many and which go with what they were minted from.
create index credential_owner on credential (org_id, owner_user_id, credential_id)
    where kind <> 'SESSION' and revoked_at is null;
create index credential_team on credential (org_id, owner_team_id, credential_id)
    where owner_team_id is not null and kind <> 'SESSION' and revoked_at is null;

grant select, insert, update on team, invitation to ${app_role};
grant select, insert, update, delete on team_member to ${app_role};
grant delete on invitation to ${app_role};
