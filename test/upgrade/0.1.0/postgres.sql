-- Tables and functions of @tessera/postgres-store, layout 1. Instants are epoch milliseconds.
do $$ begin
  -- A role that may use the schema need not be allowed to make one.
  if to_regnamespace('"tessera"') is null then
    create schema "tessera";
  end if;
end $$;

create table "tessera".tokens (
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
create unique index tokens_by_digest on "tessera".tokens (digest);
create index tokens_by_creation on "tessera".tokens (owner, prefix, created_at, id);
create index tokens_by_count on "tessera".tokens (owner, prefix, counts_until) where counts_until is not null;
create index tokens_by_end on "tessera".tokens (prefix, ended_at) where ended_at is not null;
comment on column "tessera".tokens.counts_until is 'Until then it counts towards the limit of active tokens; null if it does not.';
comment on column "tessera".tokens.ended_at is 'Its end, past or to come; null if nothing ends it.';
comment on column "tessera".tokens.record is 'Its other facts, but for those that a new token has, too.';

-- How many tokens of a prefix an owner has.
create table "tessera".totals (
  owner text collate "C" not null,
  prefix text collate "C" not null,
  total bigint not null,
  primary key (owner, prefix)
) with (fillfactor = 50);

-- The idempotent requests with an effect.
create table "tessera".requests (
  owner text collate "C" not null,
  key text collate "C" not null,
  prefix text collate "C" not null,
  expires_at bigint not null,
  kept json not null,
  primary key (owner, key)
);
create index requests_by_expiry on "tessera".requests (expires_at);

-- The change feed.
create table "tessera".changes (
  n bigint primary key,
  nonce text collate "C" not null,
  digest text collate "C",
  owner text collate "C"
);
insert into "tessera".changes (n, nonce) values (0, replace(gen_random_uuid()::text, '-', ''));

create table "tessera".facts (
  name text collate "C" primary key,
  value bigint not null
);

-- The layouts that the schema has come through.
create table "tessera".migrations (
  layout int primary key,
  at timestamptz not null default now()
);
insert into "tessera".migrations (layout) values (1);

-- Names one life of the server, and the file of the tokens in its database: another one may have lost data. A restored, emptied or
-- rewritten table has another file. Null on a standby.
create function "tessera".history_v1() returns text language sql volatile parallel safe as $$
  select case when pg_is_in_recovery() then null
    else concat(
      (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint::text, '/', pg_relation_filepath('"tessera".tokens')
    ) end
$$;

-- The server's clock in milliseconds, or up to one less.
create function "tessera".now_v1() returns bigint language sql volatile parallel safe as $$
  select floor(date_part('epoch', clock_timestamp()) * 1000)::bigint
$$;

-- Begins each answer: the history, and the server's clock.
create function "tessera".server_v1() returns json language sql volatile parallel safe as $$
  select json_build_array("tessera".history_v1(), "tessera".now_v1())
$$;

-- The text of a token's row: the facts in its columns, then the others.
create function "tessera".row_v1(t "tessera".tokens) returns json language sql stable parallel safe as $$
  select json_build_array(
    t.owner, t.id, t.digest, t.prefix, t.created_at, t.last_used_at, t.rotated_to, t.rotated_from, t.record)
$$;

-- Functions in SQL stand in the expressions that name them, and so cost no call. An expression is set up once in each transaction:
-- one large one costs less than some small ones.

create function "tessera".refuse_v1(p_state text, p_message text) returns text language plpgsql as $$
begin
  raise exception using errcode = p_state, message = p_message;
end
$$;

-- Refuses to go on after an instant of the server's clock: nobody waits for the change any more. Until then the next lock is
-- waited for. The timeout counts anew for each lock. Functions are called by an assignment where they may: `perform` runs a whole
-- statement for it.
create function "tessera".until_v1(p_until bigint) returns text language sql volatile as $$
  select case
    when p_until > "tessera".now_v1() then
      set_config('lock_timeout', greatest(p_until - "tessera".now_v1(), 1)::text, true)
    else "tessera".refuse_v1('57014', 'nobody waits for the change any more')
  end
$$;

-- Begins each change, and answers whether the server is the one meant: only then is its clock. Counts and locks need
-- statements with snapshots of their own. Each statement has one good plan, and to make another for each call costs more than to
-- run it.
create function "tessera".guard_v1(p_history text, p_until bigint) returns boolean language sql volatile as $$
  select case
    when p_history is distinct from "tessera".history_v1() then false
    when current_setting('transaction_isolation') <> 'read committed' then
      "tessera".refuse_v1('25001', format(
        'the isolation of transactions is %s, and must be read committed', current_setting('transaction_isolation'))) is null
    when row_security_active('"tessera".tokens'::regclass) then
      "tessera".refuse_v1('42501', 'row-level security hides tokens from this role') is null
    else concat(
      "tessera".until_v1(p_until),
      set_config('plan_cache_mode', 'force_generic_plan', true),
      case current_setting('synchronous_commit') when 'off' then set_config('synchronous_commit', 'on', true) end
    ) <> ''
  end
$$;

-- Begins a statement that finds many rows, each by an index: the planner takes JSON for a hundred rows, and would rather read a
-- table with some thousand tokens.
create function "tessera".by_index_v1() returns text language plpgsql as $$
declare
  v_set text;
begin
  v_set := set_config('enable_seqscan', 'off', true);
  v_set := set_config('enable_hashjoin', 'off', true);
  v_set := set_config('enable_mergejoin', 'off', true);
  return v_set;
end
$$;

-- Everything shown to a decision, as of one instant: all statements of a stable function see the same. Each token is looked up by its
-- own id: a planner that takes an owner for one with few tokens would read them all instead.
create function "tessera".show_v1(
  p_owner text, p_ids text[], p_key text, p_keys_prefix text, p_keys_at bigint[], p_active_prefixes text[], p_active_at bigint[]
) returns text language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  v_tokens json;
  v_kept json;
  v_active json;
  v_keys json;
begin
  if cardinality(p_ids) > 0 then
    select json_agg(json_build_array(f.version, "tessera".row_v1(f.token))) into v_tokens
    from (
      select distinct unnest(n.ids) as id
      from unnest(p_ids) w(id) cross join lateral (
        select array[t.id, t.rotated_to, t.rotated_from] as ids from "tessera".tokens t
        where t.owner = p_owner and t.id = w.id limit 1
      ) n
    ) i cross join lateral (
      select t as token, t.xmin::text as version from "tessera".tokens t
      where t.owner = p_owner and t.id = i.id limit 1
    ) f;
  end if;
  if p_key is not null then
    select json_build_array(r.xmin::text, r.kept) into v_kept
    from "tessera".requests r where r.owner = p_owner and r.key = p_key;
  end if;
  if p_active_at is not null then
    select json_agg(c.active order by a.number) into v_active
    from unnest(p_active_at) with ordinality a(at, number) cross join lateral (
      select count(*) as active from "tessera".tokens t
      where t.owner = p_owner and t.prefix = any(p_active_prefixes) and t.counts_until > a.at
    ) c;
  end if;
  if p_keys_at is not null then
    select json_agg(c.keys order by a.number) into v_keys
    from unnest(p_keys_at) with ordinality a(at, number) cross join lateral (
      select count(*) as keys from "tessera".requests r
      where r.owner = p_owner and r.prefix = p_keys_prefix and r.expires_at > a.at
    ) c;
  end if;
  return json_build_array("tessera".server_v1(), v_tokens, v_kept, v_active, v_keys)::text;
end
$$;

-- Begins the last part of a change: the lock of the feed ends after the entries are visible. So they become visible in the
-- order of their numbers. The newest number is read in the next statement, with a snapshot younger than the lock.
-- No digests: any token of the owner may have changed.
create function "tessera".announce_v1(p_digests text[], p_owner text, p_changes_kept int) returns void language plpgsql as $$
declare
  v_locked text;
  v_newest bigint;
  v_count int := greatest(cardinality(p_digests), 1);
begin
  v_locked := pg_advisory_xact_lock('"tessera".changes'::regclass::oid::int, 0);
  select c.n into strict v_newest from "tessera".changes c order by c.n desc limit 1;
  for v_number in 1 .. v_count loop
    insert into "tessera".changes (n, nonce, digest, owner) values (
      v_newest + v_number, replace(gen_random_uuid()::text, '-', ''), p_digests[v_number],
      case cardinality(p_digests) when 0 then p_owner end);
  end loop;
  -- One more than kept: the oldest is where a reader may stand.
  delete from "tessera".changes c
  where c.n >= v_newest - p_changes_kept and c.n < v_newest - p_changes_kept + v_count;
end
$$;

-- Writes a decision if nothing shown to it has changed: `written`, else `changed`, and nothing is written. Locks are taken
-- in one order everywhere: the owner, tokens by owner and id, totals, the request, the feed.
create function "tessera".write_change_v1(
  p_owner text,
  p_history text, -- of the server that has shown something, or told its clock
  p_ids text[], -- shown or missing, but not those to be added
  p_shown text[], -- of those shown, the id, a blank and the version
  p_key text, p_kept text, -- the shown key, and the version of its request
  p_keys_prefix text, p_keys_at bigint[], p_keys_least bigint[], p_keys_most bigint[], -- how many keys there may be
  p_active_prefixes text[], p_active_at bigint[], p_active_least bigint[], p_active_most bigint[],
  p_add text, p_put text, p_keep text, -- rows
  p_digests text[],
  p_until bigint, -- of the server's clock: then nobody waits for the answer any more
  p_changes_kept int
) returns text language plpgsql as $$
declare
  v_ids text[] := p_ids;
  v_id text;
  v_shown text;
  v_shown_count int := 0;
  v_count bigint;
  v_set text;
begin
  if not "tessera".guard_v1(p_history, p_until) then
    return 'changed';
  end if;
  if p_key is not null or p_keys_at is not null or p_active_at is not null then
    v_set := pg_advisory_xact_lock('"tessera".tokens'::regclass::oid::int, hashtext(p_owner));
    v_set := "tessera".until_v1(p_until);
  end if;
  if cardinality(p_ids) > 1 then
    v_ids := array(select distinct w.id collate "C" as id from unnest(p_ids) w(id) order by 1);
  end if;
  foreach v_id in array v_ids loop
    -- Behind a lock that was waited for, this reads the row as it is by then.
    select t.id || ' ' || t.xmin::text into v_shown from "tessera".tokens t where t.owner = p_owner and t.id = v_id for update;
    if found then
      if v_shown <> all(p_shown) then
        return 'changed';
      end if;
      v_shown_count := v_shown_count + 1;
      v_set := "tessera".until_v1(p_until);
    end if;
  end loop;
  if v_shown_count <> cardinality(p_shown) then
    return 'changed';
  end if;
  -- What was missing when the last lock was asked for may be there by now.
  if v_shown_count < cardinality(v_ids) then
    select count(*) into v_count from unnest(v_ids) i(id) cross join lateral (
      select from "tessera".tokens t where t.owner = p_owner and t.id = i.id limit 1
    ) f;
    if v_count <> v_shown_count then
      return 'changed';
    end if;
  end if;
  if p_key is not null then
    select r.xmin::text into v_shown from "tessera".requests r where r.owner = p_owner and r.key = p_key;
    if v_shown is distinct from p_kept then
      return 'changed';
    end if;
  end if;
  if p_keys_at is not null then
    for v_number in 1 .. cardinality(p_keys_at) loop
      select count(*) into v_count from "tessera".requests r
      where r.owner = p_owner and r.prefix = p_keys_prefix and r.expires_at > p_keys_at[v_number];
      if v_count not between p_keys_least[v_number] and p_keys_most[v_number] then
        return 'changed';
      end if;
    end loop;
  end if;
  if p_active_at is not null then
    for v_number in 1 .. cardinality(p_active_at) loop
      select count(*) into v_count from "tessera".tokens t
      where t.owner = p_owner and t.prefix = any(p_active_prefixes) and t.counts_until > p_active_at[v_number];
      if v_count not between p_active_least[v_number] and p_active_most[v_number] then
        return 'changed';
      end if;
    end loop;
  end if;

  if p_add is not null then
    with added as (
      insert into "tessera".tokens (
        owner, id, digest, prefix, created_at, last_used_at, counts_until, ended_at, rotated_to, rotated_from, record)
      select
        r.owner, r.id, r.digest, r.prefix, r.created_at, r.last_used_at, r.counts_until, r.ended_at, r.rotated_to,
        r.rotated_from, r.record
      from json_populate_recordset(null::"tessera".tokens, p_add::json) r
      on conflict (owner, id) do nothing
      returning owner, prefix
    ), counted as (
      insert into "tessera".totals as c (owner, prefix, total)
      select a.owner, a.prefix, count(*) from added a group by a.owner, a.prefix order by a.prefix
      on conflict (owner, prefix) do update set total = c.total + excluded.total
    )
    select count(*) into v_count from added;
    if v_count = 0 then
      return 'changed';
    end if;
    if v_count < json_array_length(p_add::json) then
      raise exception using errcode = '40001', message = 'another token was added under one of the ids';
    end if;
    v_set := "tessera".until_v1(p_until);
  end if;
  if p_put is not null then
    v_set := "tessera".by_index_v1();
    update "tessera".tokens t
    set digest = r.digest, last_used_at = r.last_used_at, counts_until = r.counts_until, ended_at = r.ended_at,
      rotated_to = r.rotated_to, rotated_from = r.rotated_from, record = r.record
    from json_populate_recordset(null::"tessera".tokens, p_put::json) r
    where t.owner = r.owner and t.id = r.id;
  end if;
  if p_keep is not null then
    insert into "tessera".requests (owner, key, prefix, expires_at, kept)
    select p_owner, p_key, r.prefix, r.expires_at, r.kept
    from json_populate_record(null::"tessera".requests, p_keep::json) r
    on conflict (owner, key) do update set expires_at = excluded.expires_at, kept = excluded.kept;
  end if;
  if p_digests is not null then
    v_set := "tessera".until_v1(p_until);
    v_set := "tessera".announce_v1(p_digests, p_owner, p_changes_kept);
  end if;
  v_set := "tessera".until_v1(p_until);
  return 'written';
end
$$;

-- Writes the rows that still have the version they were shown with, and answers their numbers. Announces nothing. It waits for no
-- lock: a row that somebody else is about to change is left to the next try.
create function "tessera".write_uses_v1(p_history text, p_rows text, p_until bigint) returns text language plpgsql as $$
declare
  v_written json;
  v_set text;
begin
  if not "tessera".guard_v1(p_history, p_until) then
    return '[]';
  end if;
  v_set := "tessera".by_index_v1();
  with shown as materialized (
    select t.ctid as place, r.*
    from json_to_recordset(p_rows::json) r(
      number int, version text, owner text, id text, last_used_at bigint, counts_until bigint, ended_at bigint, record json)
    join "tessera".tokens t on t.owner = r.owner and t.id = r.id
    where t.xmin::text = r.version
    for update of t skip locked
  ), written as (
    update "tessera".tokens t
    set last_used_at = s.last_used_at, counts_until = s.counts_until, ended_at = s.ended_at, record = s.record
    from shown s where t.ctid = s.place
    returning s.number
  )
  select json_agg(w.number) into v_written from written w;
  v_set := "tessera".until_v1(p_until);
  return coalesce(v_written, '[]')::text;
end
$$;

-- Removes at most so many ended tokens, and answers their number; null from another server than meant. Each is looked at again under its lock.
create function "tessera".prune_tokens_v1(
  p_prefixes text[], p_ended_before bigint, p_most int, p_history text, p_until bigint
) returns text language plpgsql as $$
declare
  v_owners text[];
  v_ids text[];
  v_removed bigint;
  v_set text;
begin
  if not "tessera".guard_v1(p_history, p_until) then
    return null;
  end if;
  v_set := "tessera".by_index_v1();
  select array_agg(e.owner), array_agg(e.id) into v_owners, v_ids
  from (
    select f.owner, f.id from unnest(p_prefixes) p(prefix) cross join lateral (
      select t.owner, t.id from "tessera".tokens t
      where t.prefix = p.prefix and t.ended_at < p_ended_before
      order by t.ended_at limit p_most
    ) f
    limit p_most
  ) e;
  perform "tessera".until_v1(p_until)
  from (select e.owner, e.id from unnest(v_owners, v_ids) e(owner, id) order by e.owner collate "C", e.id collate "C") e
  cross join lateral (
    select from "tessera".tokens t where t.owner = e.owner and t.id = e.id limit 1 for update
  ) l;
  with removed as (
    delete from "tessera".tokens t
    where t.ctid = any(array(
      select f.place from unnest(v_owners, v_ids) e(owner, id) cross join lateral (
        select l.ctid as place, l.prefix, l.ended_at from "tessera".tokens l
        where l.owner = e.owner and l.id = e.id limit 1
      ) f
      where f.prefix = any(p_prefixes) and f.ended_at < p_ended_before
    ))
    returning t.owner, t.prefix
  ), counts as (
    select r.owner, r.prefix, count(*) as removed from removed r group by r.owner, r.prefix
  ), locked as (
    select c.owner, c.prefix from "tessera".totals c join counts using (owner, prefix)
    order by c.owner, c.prefix for update of c
  ), counted as (
    update "tessera".totals c set total = c.total - counts.removed
    from counts join locked using (owner, prefix)
    where c.owner = counts.owner and c.prefix = counts.prefix
  )
  select coalesce(sum(c.removed), 0) into v_removed from counts c;
  v_set := "tessera".until_v1(p_until);
  return json_build_array(coalesce(cardinality(v_ids), 0), v_removed)::text;
end
$$;

-- Removes at most so many expired requests, and answers their number; null from another server than meant.
create function "tessera".prune_requests_v1(p_expired_at bigint, p_most int, p_history text, p_until bigint)
returns text language plpgsql as $$
declare
  v_removed bigint;
  v_set text;
begin
  if not "tessera".guard_v1(p_history, p_until) then
    return null;
  end if;
  v_set := "tessera".by_index_v1();
  delete from "tessera".requests r
  using (
    select e.owner, e.key from "tessera".requests e
    where e.expires_at <= p_expired_at
    order by e.expires_at limit p_most for update skip locked
  ) e
  where r.owner = e.owner and r.key = e.key;
  get diagnostics v_removed = row_count;
  v_set := "tessera".until_v1(p_until);
  return v_removed::text;
end
$$;

-- Whether a pruning may go on: of all that are due once in a time, one within this time. Null from another server than meant.
create function "tessera".claim_pruning_v1(
  p_name text, p_now bigint, p_once_in_ms bigint, p_history text, p_until bigint
) returns text language plpgsql as $$
declare
  v_is_claimed boolean;
  v_set text;
begin
  if not "tessera".guard_v1(p_history, p_until) then
    return null;
  end if;
  insert into "tessera".facts as f (name, value) values (p_name, p_now)
  on conflict (name) do update set value = excluded.value
  where p_once_in_ms is null or f.value > p_now or f.value + p_once_in_ms <= p_now;
  v_is_claimed := found;
  v_set := "tessera".until_v1(p_until);
  return case when v_is_claimed then 'claimed' else 'early' end;
end
$$;

-- For people: an instant as the clock shows it. Exact for any year, as a division of seconds is not.
create function "tessera".instant_v1(p_ms bigint) returns timestamptz language sql immutable parallel safe as $$
  select (
    timestamp 'epoch' + make_interval(days => (p_ms / 86400000)::int) + make_interval(secs => (p_ms % 86400000) / 1000.0)
  ) at time zone 'UTC'
$$;

-- The tokens for people, without digests and sealed secrets. No process reads it.
create view "tessera".readable_tokens as
select
  t.owner,
  t.id,
  t.record->>'preview' as preview,
  coalesce(t.record->>'name', '') as name,
  coalesce(t.record->'scopes', '[]') as scopes,
  t.record->>'createdBy' as created_by,
  coalesce(t.record->'attributes', '{}') as attributes,
  t.record->'networks' as networks,
  "tessera".instant_v1(t.created_at) as created_at,
  "tessera".instant_v1(t.last_used_at) as last_used_at,
  "tessera".instant_v1((t.record->>'expiresAt')::bigint) as expires_at,
  "tessera".instant_v1((t.record->>'suspendedAt')::bigint) as suspended_at,
  "tessera".instant_v1((t.record->>'revokedAt')::bigint) as revoked_at,
  t.record->>'revokedReason' as revoked_reason,
  t.rotated_from,
  t.rotated_to,
  "tessera".instant_v1(t.ended_at) as ended_at
from "tessera".tokens t;
comment on column "tessera".readable_tokens.ended_at is 'Its end, past or to come, by revocation, expiry or rotation.';

-- Leases: a cache answers from memory for as long as it has one, and a change is acknowledged once none from before can count. The
-- longest length is a fact beside the feed, and never falls.

-- The longest length kept; 0 if nobody lends leases.
create function "tessera".lease_v2() returns bigint language sql stable parallel safe as $$
  select coalesce((select f.value from "tessera".facts f where f.name = 'lease_ms'), 0)
$$;

-- Keeps a longer length than before, under the lock of the feed: so each announcement is either made before, and the first lease of
-- this length knows it, or finds this length.
create function "tessera".raise_lease_v2(p_own_ms bigint) returns text language plpgsql as $$
begin
  insert into "tessera".facts as f (name, value) values ('lease_ms', p_own_ms)
  on conflict (name) do update set value = greatest(f.value, excluded.value);
  return null;
end
$$;

-- Raises the length before the first lease. Null from another server than meant.
create function "tessera".lend_v2(p_own_ms int, p_history text, p_until bigint) returns text language plpgsql as $$
declare
  v_kept bigint;
  v_set text;
begin
  if not "tessera".guard_v1(p_history, p_until) then
    return null;
  end if;
  v_set := pg_advisory_xact_lock('"tessera".changes'::regclass::oid::int, 0);
  v_kept := "tessera".lease_v2();
  if p_own_ms > v_kept then
    v_set := "tessera".raise_lease_v2(p_own_ms);
  end if;
  v_set := "tessera".until_v1(p_until);
  return greatest(v_kept, p_own_ms)::text;
end
$$;

-- As `announce_v1`, and answers the length to wait for: that of a lease kept when the entry was made. A writer that lends keeps its
-- own length first. Null for one that does not wait.
create function "tessera".announce_v2(p_digests text[], p_owner text, p_changes_kept int, p_own_ms int)
returns bigint language plpgsql as $$
declare
  v_locked text;
  v_newest bigint;
  v_kept bigint; -- null if nobody lends leases
  v_raised text;
  v_count int := greatest(cardinality(p_digests), 1);
begin
  v_locked := pg_advisory_xact_lock('"tessera".changes'::regclass::oid::int, 0);
  select c.n, (select f.value from "tessera".facts f where f.name = 'lease_ms') into strict v_newest, v_kept
  from "tessera".changes c order by c.n desc limit 1;
  if p_own_ms is null and v_kept > 0 then
    raise exception using errcode = '55000', message =
      'another process lends leases, and this version of postgresStore does not wait for them: upgrade it';
  end if;
  if p_own_ms > coalesce(v_kept, 0) then
    v_raised := "tessera".raise_lease_v2(p_own_ms);
  end if;
  for v_number in 1 .. v_count loop
    insert into "tessera".changes (n, nonce, digest, owner) values (
      v_newest + v_number, replace(gen_random_uuid()::text, '-', ''), p_digests[v_number],
      case cardinality(p_digests) when 0 then p_owner end);
  end loop;
  -- One more than kept: the oldest is where a reader may stand. Once in so many, all before: another process may keep more.
  delete from "tessera".changes c
  where c.n >= case when (v_newest + v_count) / p_changes_kept = v_newest / p_changes_kept then v_newest - p_changes_kept else 0 end
    and c.n < v_newest - p_changes_kept + v_count;
  return greatest(v_kept, p_own_ms);
end
$$;

-- The fence: writers that do not say how long they wait are refused once anybody lends leases. Their readers go on.
create or replace function "tessera".announce_v1(p_digests text[], p_owner text, p_changes_kept int)
returns void language plpgsql as $$
declare
  v_waited bigint;
begin
  v_waited := "tessera".announce_v2(p_digests, p_owner, p_changes_kept, null);
end
$$;

-- As `write_change_v1`. After `written` stands the length to wait for.
create function "tessera".write_change_v2(
  p_owner text,
  p_history text, -- of the server that has shown something, or told its clock
  p_ids text[], -- shown or missing, but not those to be added
  p_shown text[], -- of those shown, the id, a blank and the version
  p_key text, p_kept text, -- the shown key, and the version of its request
  p_keys_prefix text, p_keys_at bigint[], p_keys_least bigint[], p_keys_most bigint[], -- how many keys there may be
  p_active_prefixes text[], p_active_at bigint[], p_active_least bigint[], p_active_most bigint[],
  p_add text, p_put text, p_keep text, -- rows
  p_digests text[],
  p_until bigint, -- of the server's clock: then nobody waits for the answer any more
  p_changes_kept int,
  p_own_ms int -- the length lent by this process, or 0
) returns text language plpgsql as $$
declare
  v_ids text[] := p_ids;
  v_id text;
  v_shown text;
  v_shown_count int := 0;
  v_count bigint;
  v_wait_ms bigint := 0;
  v_set text;
begin
  if not "tessera".guard_v1(p_history, p_until) then
    return 'changed';
  end if;
  if p_key is not null or p_keys_at is not null or p_active_at is not null then
    v_set := pg_advisory_xact_lock('"tessera".tokens'::regclass::oid::int, hashtext(p_owner));
    v_set := "tessera".until_v1(p_until);
  end if;
  if cardinality(p_ids) > 1 then
    v_ids := array(select distinct w.id collate "C" as id from unnest(p_ids) w(id) order by 1);
  end if;
  foreach v_id in array v_ids loop
    -- Behind a lock that was waited for, this reads the row as it is by then.
    select t.id || ' ' || t.xmin::text into v_shown from "tessera".tokens t where t.owner = p_owner and t.id = v_id for update;
    if found then
      if v_shown <> all(p_shown) then
        return 'changed';
      end if;
      v_shown_count := v_shown_count + 1;
      v_set := "tessera".until_v1(p_until);
    end if;
  end loop;
  if v_shown_count <> cardinality(p_shown) then
    return 'changed';
  end if;
  -- What was missing when the last lock was asked for may be there by now.
  if v_shown_count < cardinality(v_ids) then
    select count(*) into v_count from unnest(v_ids) i(id) cross join lateral (
      select from "tessera".tokens t where t.owner = p_owner and t.id = i.id limit 1
    ) f;
    if v_count <> v_shown_count then
      return 'changed';
    end if;
  end if;
  if p_key is not null then
    select r.xmin::text into v_shown from "tessera".requests r where r.owner = p_owner and r.key = p_key;
    if v_shown is distinct from p_kept then
      return 'changed';
    end if;
  end if;
  if p_keys_at is not null then
    for v_number in 1 .. cardinality(p_keys_at) loop
      select count(*) into v_count from "tessera".requests r
      where r.owner = p_owner and r.prefix = p_keys_prefix and r.expires_at > p_keys_at[v_number];
      if v_count not between p_keys_least[v_number] and p_keys_most[v_number] then
        return 'changed';
      end if;
    end loop;
  end if;
  if p_active_at is not null then
    for v_number in 1 .. cardinality(p_active_at) loop
      select count(*) into v_count from "tessera".tokens t
      where t.owner = p_owner and t.prefix = any(p_active_prefixes) and t.counts_until > p_active_at[v_number];
      if v_count not between p_active_least[v_number] and p_active_most[v_number] then
        return 'changed';
      end if;
    end loop;
  end if;

  if p_add is not null then
    with added as (
      insert into "tessera".tokens (
        owner, id, digest, prefix, created_at, last_used_at, counts_until, ended_at, rotated_to, rotated_from, record)
      select
        r.owner, r.id, r.digest, r.prefix, r.created_at, r.last_used_at, r.counts_until, r.ended_at, r.rotated_to,
        r.rotated_from, r.record
      from json_populate_recordset(null::"tessera".tokens, p_add::json) r
      on conflict (owner, id) do nothing
      returning owner, prefix
    ), counted as (
      insert into "tessera".totals as c (owner, prefix, total)
      select a.owner, a.prefix, count(*) from added a group by a.owner, a.prefix order by a.prefix
      on conflict (owner, prefix) do update set total = c.total + excluded.total
    )
    select count(*) into v_count from added;
    if v_count = 0 then
      return 'changed';
    end if;
    if v_count < json_array_length(p_add::json) then
      raise exception using errcode = '40001', message = 'another token was added under one of the ids';
    end if;
    v_set := "tessera".until_v1(p_until);
  end if;
  if p_put is not null then
    v_set := "tessera".by_index_v1();
    update "tessera".tokens t
    set digest = r.digest, last_used_at = r.last_used_at, counts_until = r.counts_until, ended_at = r.ended_at,
      rotated_to = r.rotated_to, rotated_from = r.rotated_from, record = r.record
    from json_populate_recordset(null::"tessera".tokens, p_put::json) r
    where t.owner = r.owner and t.id = r.id;
  end if;
  if p_keep is not null then
    insert into "tessera".requests (owner, key, prefix, expires_at, kept)
    select p_owner, p_key, r.prefix, r.expires_at, r.kept
    from json_populate_record(null::"tessera".requests, p_keep::json) r
    on conflict (owner, key) do update set expires_at = excluded.expires_at, kept = excluded.kept;
  end if;
  if p_digests is not null then
    v_set := "tessera".until_v1(p_until);
    v_wait_ms := "tessera".announce_v2(p_digests, p_owner, p_changes_kept, p_own_ms);
  end if;
  v_set := "tessera".until_v1(p_until);
  return 'written ' || v_wait_ms;
end
$$;

insert into "tessera".migrations (layout) values (2);

set session_replication_role = 'replica';
delete from tessera.facts;
insert into tessera.changes select * from json_populate_recordset(null::tessera.changes, '[{"n":0,"nonce":"0ae2a7fe31a542dc8bbcbf895add073b","digest":null,"owner":null}, 
 {"n":1,"nonce":"289df04cd32245e3a032083fc4baf746","digest":"wnD4gvjqCTqV5NeQaukok7LMOgVCRz6RgN9bqYzGRm0","owner":null}, 
 {"n":2,"nonce":"76985f1c9c534ea58c432246a1b154cd","digest":"0nR5sjH3tQm2ZWiO-TVEtC81SPRogUtqqPtIS2LNucQ","owner":null}, 
 {"n":3,"nonce":"1f7da9c1f34540329bb827b6da4ce6eb","digest":null,"owner":"acme"}, 
 {"n":4,"nonce":"55c7cbe491f34f10af4d0fc9413aa8cc","digest":"5nSnOsyLDJCkZQCmtiMhQNenigeUj4f1D7Gl_KvnlEY","owner":null}, 
 {"n":5,"nonce":"32d748bc8bc5480c9e5d1ab1873a932f","digest":"Rc79p7T496cD6gZG0mkJ277pxOnVLJjMvelVpB-eAdQ","owner":null}]') on conflict do nothing;
insert into tessera.facts select * from json_populate_recordset(null::tessera.facts, '[]') on conflict do nothing;
insert into tessera.migrations select * from json_populate_recordset(null::tessera.migrations, '[{"layout":1,"at":"2026-11-28T05:54:09.052828+00:00"}, 
 {"layout":2,"at":"2026-11-28T05:54:09.052828+00:00"}]') on conflict do nothing;
insert into tessera.requests select * from json_populate_recordset(null::tessera.requests, '[{"owner":"acme","key":"up_pat:a-change","prefix":"up_pat","expires_at":1796169603000,"kept":{"key":"up_pat:a-change","fingerprint":"5_Oyz_IMzDEme52sIlggOTRptw9dV0rZTIz95GfnaTs","expiresAt":1796169603000,"limit":10000,"answer":{"record":{"id":"b93892b4-3ff7-4832-91de-82fae3a9fccc","owner":"acme","digest":"vMTboW5xvJrr8wgFbtacpiFpBb24GbFoss_RLG-ebC0","prefix":"up_pat","preview":"up_pat_pPNk********Ab6Y","name":"made","scopes":["jobs:read","jobs:write"],"createdBy":null,"attributes":{},"createdAt":1796083203000,"updatedAt":1796083203000,"expiresAt":null,"lastUsedAt":null,"suspendedAt":null,"revokedAt":null,"revokedReason":null,"rotatedTo":null,"rotatedFrom":null,"overlapEndsAt":null,"pending":false,"sealedSuccessor":null,"networks":null,"issuedBy":"d8d7fd89-41e9-4f57-a19b-ae5399fa3eba","makers":["d8d7fd89-41e9-4f57-a19b-ae5399fa3eba"],"line":"b93892b4-3ff7-4832-91de-82fae3a9fccc","lineCreatedAt":1796083203000,"expiryCeiling":null,"fixedExpiry":false}}}}]') on conflict do nothing;
insert into tessera.tokens select * from json_populate_recordset(null::tessera.tokens, '[{"owner":"acme","id":"85253c77-d8da-4675-a17e-2c970563cded","digest":"SOsxrghchzZHwiRRjQ_4VZoGen6MP6mQKTJ90yyfAw8","prefix":"up_pat","created_at":1796083202000,"last_used_at":null,"counts_until":10413792000000,"ended_at":10413792000000,"rotated_to":null,"rotated_from":null,"record":{"preview":"up_pat_kdsh********jCSe","name":"full","scopes":["jobs:read","jobs:write"],"createdBy":"ada@example.com","attributes":{"team":"build"},"expiresAt":10413792000000,"networks":["10.0.0.0/8"],"fixedExpiry":true}}, 
 {"owner":"acme","id":"b93892b4-3ff7-4832-91de-82fae3a9fccc","digest":"vMTboW5xvJrr8wgFbtacpiFpBb24GbFoss_RLG-ebC0","prefix":"up_pat","created_at":1796083203000,"last_used_at":null,"counts_until":9007199254740991,"ended_at":null,"rotated_to":null,"rotated_from":null,"record":{"preview":"up_pat_pPNk********Ab6Y","name":"made","scopes":["jobs:read","jobs:write"],"issuedBy":"d8d7fd89-41e9-4f57-a19b-ae5399fa3eba","makers":["d8d7fd89-41e9-4f57-a19b-ae5399fa3eba"]}}, 
 {"owner":"acme","id":"c239de5f-1469-4d18-babf-8f195860192d","digest":"L7MLgCF8LGEEWDP_q57O3qL5TYG59AlvPAt0ZHws3go","prefix":"up_pat","created_at":1796083204000,"last_used_at":null,"counts_until":1796086800000,"ended_at":1796086800000,"rotated_to":null,"rotated_from":null,"record":{"preview":"up_pat_ZcmH********Z3yK","name":"ends","scopes":["jobs:read","jobs:write"],"expiresAt":1796086800000,"fixedExpiry":true}}, 
 {"owner":"acme","id":"63702307-864d-4551-8b1d-eb60db0bf227","digest":"wnD4gvjqCTqV5NeQaukok7LMOgVCRz6RgN9bqYzGRm0","prefix":"up_pat","created_at":1796083205000,"last_used_at":null,"counts_until":9007199254740991,"ended_at":null,"rotated_to":null,"rotated_from":null,"record":{"preview":"up_pat_22mg********qmIt","name":"suspended","scopes":["jobs:read","jobs:write"],"suspendedAt":1796083205000}}, 
 {"owner":"acme","id":"9df3911e-0520-46d5-b111-1708840837f9","digest":"0nR5sjH3tQm2ZWiO-TVEtC81SPRogUtqqPtIS2LNucQ","prefix":"up_pat","created_at":1796083206000,"last_used_at":null,"counts_until":null,"ended_at":1796083206000,"rotated_to":null,"rotated_from":null,"record":{"preview":"up_pat_xQJp********GIEh","name":"revoked","scopes":["jobs:read","jobs:write"],"revokedAt":1796083206000,"revokedReason":"leaked"}}, 
 {"owner":"acme","id":"ccae07c3-5f58-43d1-95b6-94ae16818bf2","digest":"5nSnOsyLDJCkZQCmtiMhQNenigeUj4f1D7Gl_KvnlEY","prefix":"up_pat","created_at":1796083207000,"last_used_at":null,"counts_until":9007199254740991,"ended_at":null,"rotated_to":null,"rotated_from":null,"record":{"preview":"up_pat_zZ1a********qRmM","name":"edited","scopes":["jobs:read","jobs:write"]}}, 
 {"owner":"acme","id":"7800d164-688b-4c11-8cbb-975341797688","digest":"NPne_WZgvDNtkARy4Oewbv9koHW1bVf43eOwz6holLM","prefix":"up_pat","created_at":1796083208000,"last_used_at":null,"counts_until":9007199254740991,"ended_at":null,"rotated_to":null,"rotated_from":"a5c84413-0d9e-493f-b9b5-fa9c26e72830","record":{"preview":"up_pat_v4wT********SuUw","name":"rotated","scopes":["jobs:read","jobs:write"],"overlapEndsAt":1798675208000,"pending":true,"line":"a5c84413-0d9e-493f-b9b5-fa9c26e72830"}}, 
 {"owner":"acme","id":"a5c84413-0d9e-493f-b9b5-fa9c26e72830","digest":"Rc79p7T496cD6gZG0mkJ277pxOnVLJjMvelVpB-eAdQ","prefix":"up_pat","created_at":1796083208000,"last_used_at":null,"counts_until":null,"ended_at":1798675208000,"rotated_to":"7800d164-688b-4c11-8cbb-975341797688","rotated_from":null,"record":{"preview":"up_pat_ZNfy********gmRj","name":"rotated","scopes":["jobs:read","jobs:write"],"overlapEndsAt":1798675208000,"sealedSuccessor":"v1.MpMUkc7QO0CLv5N9e2nZgC3wZQGWj9scp4qscCIJX8kTYBRm2p05QLVfpcUAG-5dBJy9NqwiMKJCgKkG9CamHGVkUOG9paPXv-5TRLbb8IreqCjeoSLK"}}, 
 {"owner":"acme","id":"d8d7fd89-41e9-4f57-a19b-ae5399fa3eba","digest":"ihR-UDddEwIlE_1v-g-K86O6R9wPcQCaoy9OhxfOi1Q","prefix":"up_pat","created_at":1796083201000,"last_used_at":1796083208000,"counts_until":9007199254740991,"ended_at":null,"rotated_to":null,"rotated_from":null,"record":{"preview":"up_pat_apAE********E9PP","name":"plain","scopes":["jobs:read","jobs:write"]}}]') on conflict do nothing;
insert into tessera.totals select * from json_populate_recordset(null::tessera.totals, '[{"owner":"acme","prefix":"up_pat","total":9}]') on conflict do nothing;
set session_replication_role = 'origin';
