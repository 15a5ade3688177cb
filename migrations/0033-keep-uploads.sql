-- Notes and session logs that people sent from their laptops, each content once for each person.
create table uploads (
  id text primary key,
  user_id text not null,
  kind text not null,
  name text not null,
  size_bytes bigint not null,
  sha256 text not null,
  stored_at timestamptz not null,
  unique (user_id, sha256)
);
