-- Secrets of links that are mailed belong to a user, count for the address they were made for, and end. Those of the setup
-- link have no user and no end.
alter table one_time_secrets add column user_id text;
alter table one_time_secrets add column email text;
alter table one_time_secrets add column expires_at timestamptz;
