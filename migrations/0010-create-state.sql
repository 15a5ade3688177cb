-- The state database. DuckDB and PostgreSQL both run this file: only inline PRIMARY KEY and UNIQUE, no CREATE INDEX
-- (DuckDB loses rows of such an index after a crash), no foreign keys, JSON as text, times with zone.
-- Unique columns stand first, so that later ones can be dropped; `at` is a keyword of DuckDB and stands in quotes.

create table events (
  seq bigint primary key,
  "at" timestamptz not null,
  topic text not null,
  payload text not null
);

create table audit_events (
  id text primary key,
  "at" timestamptz not null,
  actor_id text,
  actor text not null,
  credential text not null,
  action text not null,
  resource text not null,
  details text not null,
  request_id text not null
);

create table users (
  id text primary key,
  email text not null unique,
  name text,
  active boolean not null,
  password_hash text,
  created_at timestamptz not null,
  last_seen_at timestamptz
);

create table roles (
  key text primary key,
  display_name text not null,
  description text not null,
  owner_module text not null,
  is_core boolean not null,
  implies text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table role_grants (
  id text primary key,
  user_id text not null,
  role_key text not null,
  source text not null,
  granted_by text,
  granted_at timestamptz not null,
  unique (user_id, role_key)
);

create table sessions (
  id text primary key,
  secret_hash text not null unique,
  user_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create table tokens (
  id text primary key,
  secret_hash text not null unique,
  user_id text not null,
  name text not null,
  prefix text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

create table one_time_secrets (
  id text primary key,
  secret_hash text not null unique,
  purpose text not null,
  created_at timestamptz not null
);

create table sources (
  id text primary key,
  name text not null unique,
  connector text not null,
  config text not null,
  created_at timestamptz not null
);

create table tables (
  id text primary key,
  sql_name text not null unique,
  alias text unique,
  source_id text not null,
  name text not null,
  bucket text,
  description text,
  query_mode text not null,
  is_public boolean not null,
  primary_key text not null,
  options text not null,
  created_at timestamptz not null,
  unique (source_id, name)
);

create table table_grants (
  id text primary key,
  table_id text not null,
  grantee_kind text not null,
  grantee_id text not null,
  effect text not null,
  granted_by text not null,
  granted_at timestamptz not null,
  unique (table_id, grantee_kind, grantee_id)
);

create table sync_runs (
  id text primary key,
  source_id text not null,
  state text not null,
  requested_by text not null,
  queued_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  error text
);

create table sync_run_tables (
  run_id text not null,
  table_id text not null,
  state text not null,
  rows_written bigint,
  size_bytes bigint,
  started_at timestamptz,
  finished_at timestamptz,
  error text,
  primary key (run_id, table_id)
);

create table table_sync_states (
  table_id text primary key,
  status text not null,
  last_sync_at timestamptz,
  error text,
  row_count bigint,
  size_bytes bigint,
  columns text not null,
  files text not null
);
