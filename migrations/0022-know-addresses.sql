-- From where each device was used. What it was let in from is known already.
create table device_addresses (
  device_id text not null,
  address text not null,
  first_used_at timestamptz not null,
  primary key (device_id, address)
);

insert into device_addresses
  select id, address, created_at from devices where address is not null;

-- By which provider somebody came in with this identity, and when; null until the next sign-in by it.
alter table identities add column provider text;

alter table identities add column last_used_at timestamptz;
