-- What the source charged for one table of a run; null: it does not tell.
alter table sync_run_tables add column bytes_billed bigint;
