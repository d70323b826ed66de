-- What an agent's credential has besides what every credential has. Nothing here grants anything: the
-- longest life has gone into the credential's own expiry, which its seal covers.
create table agent_credential (
    org_id          uuid        not null,
    credential_id   uuid        not null,
    agent_type      text        not null,
    description     text,
    max_ttl_seconds bigint,
    primary key (org_id, credential_id),
    foreign key (org_id, credential_id) references credential on delete cascade
);

grant select, insert on agent_credential to ${app_role};
