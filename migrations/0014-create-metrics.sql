-- Canonical metric definitions. `id` is `<category>/<name>`; `definition` is JSON.
create table metrics (
  id text primary key,
  definition text not null,
  source text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
