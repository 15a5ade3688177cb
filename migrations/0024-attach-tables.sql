-- JSON: which table of which system a remote table is; null: its rows are in files.
alter table table_sync_states add column remote text;
