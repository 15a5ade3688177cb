-- When a table is synced by itself; null: only when somebody asks. With a watermark column only what is newer is asked for.
alter table tables add column schedule text;
alter table tables add column watermark_column text;
alter table sync_runs add column full_refresh boolean;
alter table sync_run_tables add column attempts bigint;
-- JSON: how far the rows reach that the table holds.
alter table table_sync_states add column watermark text;

-- When a run last took the table on; a schedule is reckoned from here.
create table table_turns (
  table_id text primary key,
  taken_at timestamptz not null
);
