-- A table grant stands on a table, on a bucket of a source, or on a whole source. `scope_id` is a table's id, or a source's;
-- `bucket` is empty but for a grant on a bucket. The table is built anew, because neither a column's `not null` nor a unique
-- key can be changed in place.
create table earlier_table_grants as select * from table_grants;

drop table table_grants;

create table table_grants (
  id text primary key,
  scope_kind text not null,
  scope_id text not null,
  bucket text not null,
  grantee_kind text not null,
  grantee_id text not null,
  effect text not null,
  starts_at timestamptz,
  expires_at timestamptz,
  granted_by text not null,
  granted_at timestamptz not null,
  unique (scope_kind, scope_id, bucket, grantee_kind, grantee_id)
);

insert into table_grants
select id, 'table', table_id, '', grantee_kind, grantee_id, effect, null, null, granted_by, granted_at
from earlier_table_grants;

drop table earlier_table_grants;

create table access_requests (
  id text primary key,
  user_id text not null,
  table_id text not null,
  reason text not null,
  status text not null,
  requested_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  note text,
  expires_at timestamptz
);
