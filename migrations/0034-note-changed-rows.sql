-- When what a table holds last became something else; null: not before it was synced last, as far as anybody knows.
alter table table_sync_states add column changed_at timestamptz;
