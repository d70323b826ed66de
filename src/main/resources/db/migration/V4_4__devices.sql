-- What a device has besides its credential. Which secrets it was assigned stands there, by id, under its seal.
create table device (
    org_id        uuid  not null,
    credential_id uuid  not null,
    hostname      text,
    -- SHA-256 of its certificate, or what it calls itself. Sealed with the credential's token_hash: it says who it is.
    fingerprint   text,
    device_seal   bytea not null,
    primary key (org_id, credential_id),
    foreign key (org_id, credential_id) references credential on delete cascade
);
create index device_fingerprint on device (org_id, fingerprint) where fingerprint is not null;
-- To which devices a secret was assigned.
create index credential_assigned on credential using gin (secret_patterns) with (fastupdate = off)
    where kind = 'DEVICE' and revoked_at is null;

grant select, insert on device to ${app_role};
