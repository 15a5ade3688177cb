-- Which tables a person wants on their laptops. Without a row: all that they may read. `table_ids` is a JSON list.
create table sync_choices (
  user_id text primary key,
  table_ids text not null,
  updated_at timestamptz not null
);
