-- Results of statements as files. `table_ids` is a JSON list: who loses one of these tables loses the file.
create table exports (
  id text primary key,
  user_id text not null,
  statement text not null,
  format text not null,
  state text not null,
  table_ids text not null,
  row_count bigint,
  size_bytes bigint,
  sha256 text,
  error text,
  created_at timestamptz not null,
  finished_at timestamptz,
  expires_at timestamptz not null
);

-- The address from which a token was last used, and all from which it ever was.
alter table tokens add column last_used_address text;

create table token_addresses (
  token_id text not null,
  address text not null,
  first_used_at timestamptz not null,
  primary key (token_id, address)
);
