-- Who a person is at an issuer. An issuer's subject never changes; `email` is what the issuer said when it was linked.
create table identities (
  id text primary key,
  issuer text not null,
  subject text not null,
  user_id text not null,
  email text not null,
  created_at timestamptz not null,
  unique (issuer, subject)
);
