-- When somebody last tried to guess: a row for each account and kind of secret, by a keyed hash of its name. It belongs to
-- the installation, since who logs in has no organization yet.
create table guess (
    subject bytea primary key,
    -- The tries of the last window, and those before that nobody has looked at since.
    times   timestamptz[] not null,
    last_at timestamptz   not null
) with (fillfactor = 70);
create index guess_last on guess (last_at);

grant select, insert, update, delete on guess to ${app_role};
