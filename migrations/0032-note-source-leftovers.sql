-- Sources that are deleted and whose folders may still hold what they kept; a row goes once that is removed.
create table source_leftovers (
  source_id text primary key,
  name text not null
);
