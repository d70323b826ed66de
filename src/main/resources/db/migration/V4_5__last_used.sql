-- When the value of a secret was last read. A credential has such a column already.
alter table secret add column last_used_at timestamptz;

-- Written now and then without any index changing: with room in the page such an update stays in it.
alter table secret set (fillfactor = 85);
alter table credential set (fillfactor = 85);
