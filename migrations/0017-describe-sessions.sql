-- By which door a session was opened, on which device, from which address, and when it was last used. Until now setup was
-- the only door.
alter table sessions add column door text default 'setup';

alter table sessions add column device text;

alter table sessions add column address text;

alter table sessions add column last_used_at timestamptz;
