-- Trust rules: which identity tokens of other issuers are exchanged for session tokens.

-- What a rule gives stands in its row of credential (kind FEDERATION, a token that nobody has); this row says to whom.
-- The seal names the credential's token_hash, which every change here replaces: an older row does not fit again.
create table trust_rule (
    org_id       uuid        not null,
    rule_id      uuid        not null,
    issuer_type  text        not null,
    issuer       text        not null,
    audience     text        not null,
    conditions   text        not null,
    jwks_url     text,
    jwks         text,
    single_use   boolean     not null,
    ttl_seconds  integer     not null check (ttl_seconds between 60 and 86400),
    rule_seal    bytea       not null,
    primary key (org_id, rule_id),
    foreign key (org_id, rule_id) references credential
);
create index trust_rule_issuer on trust_rule (org_id, issuer);

-- Identity tokens that may be exchanged once and have been, until they expire.
create table used_identity (
    org_id       uuid        not null references org,
    identity     bytea       not null,
    expires_at   timestamptz not null,
    primary key (org_id, identity)
);
create index used_identity_expired on used_identity (expires_at);

grant select, insert, update on trust_rule to ${app_role};
grant select, insert, delete on used_identity to ${app_role};
