-- What was taken over from a state of the predecessor; `report` is JSON. `file_sha256` tells the file, so that none is taken twice.
create table upgrades (
  id text primary key,
  file_sha256 text not null,
  "at" timestamptz not null,
  report text not null
);

-- What of it has no place in the state: a whole row, or the values of a row that no column takes. `row_values` is JSON.
create table upgrade_leftovers (
  id text primary key,
  upgrade_id text not null,
  table_name text not null,
  row_key text not null,
  reason text not null,
  is_whole boolean not null,
  row_values text not null
);
