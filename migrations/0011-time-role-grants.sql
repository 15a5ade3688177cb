-- A grant without `starts_at` counts from when it was given; one without `expires_at` has no end.
alter table role_grants add column starts_at timestamptz;
alter table role_grants add column expires_at timestamptz;
