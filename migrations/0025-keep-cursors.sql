-- JSON: from where the connector goes on at the next sync.
alter table table_sync_states add column cursor text;
