-- The key that an invitation was made with, as its SHA-256: an invitation dies with it. Null when a person made it in a login,
-- which is over long before the invitation is.
alter table invitation add column invited_with bytea;
