-- What a token gives up of its owner's rights; lists are JSON, null is no limit.
alter table tokens add column read_only boolean;

alter table tokens add column table_ids text;

alter table tokens add column role_keys text;

-- Requests of devices to be let in, until somebody decides or they end.
create table device_requests (
  id text primary key,
  device_code_hash text not null unique,
  user_code text not null unique,
  client_id text not null,
  device_name text,
  address text,
  state text not null,
  user_id text,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

-- Devices that were let in; each is one family of refresh tokens.
create table devices (
  id text primary key,
  access_hash text not null unique,
  user_id text not null,
  client_id text not null,
  name text not null,
  address text,
  created_at timestamptz not null,
  last_used_at timestamptz,
  access_expires_at timestamptz not null,
  refresh_expires_at timestamptz not null,
  expires_at timestamptz not null
);

-- Every refresh token of a family; one that is used again ends the family.
create table device_refresh_tokens (
  secret_hash text primary key,
  device_id text not null,
  created_at timestamptz not null,
  used_at timestamptz
);
