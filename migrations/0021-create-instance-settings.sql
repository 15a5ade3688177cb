-- What the guided setup says of this instance; `value` is JSON, `key` is name, allowedDomains or providers.
create table instance_settings (
  key text primary key,
  value text not null,
  updated_at timestamptz not null
);
