-- Tables of the predecessor for which no domain has its own yet, with all their values, until one takes them. JSON as text.
create table predecessor_knowledge_items (
  id text primary key,
  title text not null,
  content text,
  category text,
  tags text,
  status text,
  contributors text,
  source_user text,
  audience text,
  created_at timestamptz,
  updated_at timestamptz
);

create table predecessor_knowledge_votes (
  item_id text not null,
  user_id text not null,
  vote bigint,
  voted_at timestamptz,
  primary key (item_id, user_id)
);

create table predecessor_scripts (
  id text primary key,
  name text not null,
  owner text,
  schedule text,
  source text not null,
  deployed_at timestamptz,
  last_run_at timestamptz,
  last_status text
);

create table predecessor_telegram_links (
  user_id text primary key,
  chat_id bigint not null,
  linked_at timestamptz
);

create table predecessor_sync_settings (
  user_id text not null,
  dataset text not null,
  enabled boolean,
  table_mode text,
  tables text,
  updated_at timestamptz,
  primary key (user_id, dataset)
);

-- `table_id` is as the predecessor had it: the name of a table, or its id.
create table predecessor_table_profiles (
  table_id text primary key,
  profile text not null,
  profiled_at timestamptz
);

create table predecessor_column_metadata (
  table_id text not null,
  column_name text not null,
  base_type text,
  description text,
  confidence text,
  source text,
  updated_at timestamptz,
  primary key (table_id, column_name)
);
