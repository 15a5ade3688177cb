-- Groups are known by the id that an identity provider gives them; `name` is what a provider last called them.
create table external_groups (
  id text primary key,
  name text not null
);

-- One row for each provider that names the person as a member; `named_at` is when it last did.
create table external_group_members (
  user_id text not null,
  provider text not null,
  group_id text not null,
  named_at timestamptz not null,
  primary key (user_id, provider, group_id)
);

-- `assigned_by` is null when an older database did not know it.
create table group_mappings (
  id text primary key,
  external_group_id text not null,
  role_key text not null,
  assigned_by text,
  assigned_at timestamptz not null,
  unique (external_group_id, role_key)
);

-- Who made the role; null for a role that code defines.
alter table roles add column created_by text;
