-- What a source's webhook told and no run has worked off yet; `event` is JSON. `seq` rises within what waits.
create table source_events (
  id text primary key,
  source_id text not null,
  seq bigint not null,
  event_key text not null,
  event text not null,
  received_at timestamptz not null
);

-- Which deliveries were taken in, so that one that comes again adds nothing.
create table source_deliveries (
  id text primary key,
  source_id text not null,
  received_at timestamptz not null
);

-- When a task of a source was last begun; its schedule is reckoned from here.
create table source_task_turns (
  source_id text not null,
  task text not null,
  taken_at timestamptz not null,
  primary key (source_id, task)
);

-- Which tasks a run is about (JSON list; null: the whole source), and what the connector tells of it (JSON).
alter table sync_runs add column tasks text;
alter table sync_runs add column report text;
