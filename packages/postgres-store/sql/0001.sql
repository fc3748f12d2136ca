-- Tables and functions of @tessera/postgres-store, layout 1. Instants are epoch milliseconds.
create schema if not exists {schema};

create table {schema}.tokens (
  owner text collate "C" not null,
  id text collate "C" not null,
  digest text collate "C" not null,
  prefix text collate "C" not null,
  created_at bigint not null,
  last_used_at bigint,
  counts_until bigint,
  ended_at bigint,
  rotated_to text collate "C",
  rotated_from text collate "C",
  record json not null,
  primary key (owner, id)
) with (fillfactor = 85);
create unique index tokens_by_digest on {schema}.tokens (digest);
create index tokens_by_creation on {schema}.tokens (owner, prefix, created_at, id);
create index tokens_by_count on {schema}.tokens (owner, prefix, counts_until) where counts_until is not null;
create index tokens_by_end on {schema}.tokens (ended_at) where ended_at is not null;
comment on column {schema}.tokens.counts_until is 'Until then it counts towards the limit of active tokens; null if it does not.';
comment on column {schema}.tokens.ended_at is 'Its end, past or to come; null if nothing ends it.';
comment on column {schema}.tokens.record is 'Its other facts, but for those that a new token has, too.';

-- How many tokens of a prefix an owner has.
create table {schema}.totals (
  owner text collate "C" not null,
  prefix text collate "C" not null,
  total bigint not null,
  primary key (owner, prefix)
) with (fillfactor = 50);

-- The idempotent requests with an effect.
create table {schema}.requests (
  owner text collate "C" not null,
  key text collate "C" not null,
  prefix text collate "C" not null,
  expires_at bigint not null,
  kept json not null,
  primary key (owner, key)
);
create index requests_by_expiry on {schema}.requests (expires_at);

-- The change feed.
create table {schema}.changes (
  n bigint primary key,
  nonce text collate "C" not null,
  digest text collate "C",
  owner text collate "C"
);
insert into {schema}.changes (n, nonce) values (0, replace(gen_random_uuid()::text, '-', ''));

create table {schema}.facts (
  name text collate "C" primary key,
  value bigint not null
);
insert into {schema}.facts (name, value) values ('layout', 1);
