-- Leases: a cache answers from memory for as long as it has one, and a change is acknowledged once none from before can count. The
-- longest length is a fact beside the feed, and never falls.

-- The longest length kept; 0 if nobody lends leases.
create function tessera.lease_v2() returns bigint language sql stable parallel safe as $$
  select coalesce((select f.value from tessera.facts f where f.name = 'lease_ms'), 0)
$$;

-- Keeps a longer length than before, under the lock of the feed: so each announcement is either made before, and the first lease of
-- this length knows it, or finds this length.
create function tessera.raise_lease_v2(p_own_ms bigint) returns text language plpgsql as $$
begin
  insert into tessera.facts as f (name, value) values ('lease_ms', p_own_ms)
  on conflict (name) do update set value = greatest(f.value, excluded.value);
  return null;
end
$$;

-- Raises the length before the first lease. Null from another server than meant.
create function tessera.lend_v2(p_own_ms int, p_history text, p_until bigint) returns text language plpgsql as $$
declare
  v_kept bigint;
  v_set text;
begin
  if not tessera.guard_v1(p_history, p_until) then
    return null;
  end if;
  v_set := pg_advisory_xact_lock('tessera.changes'::regclass::oid::int, 0);
  v_kept := tessera.lease_v2();
  if p_own_ms > v_kept then
    v_set := tessera.raise_lease_v2(p_own_ms);
  end if;
  v_set := tessera.until_v1(p_until);
  return greatest(v_kept, p_own_ms)::text;
end
$$;

-- As `announce_v1`, and answers the length to wait for: that of a lease kept when the entry was made. A writer that lends keeps its
-- own length first. Null for one that does not wait.
create function tessera.announce_v2(p_digests text[], p_owner text, p_changes_kept int, p_own_ms int)
returns bigint language plpgsql as $$
declare
  v_locked text;
  v_newest bigint;
  v_kept bigint; -- null if nobody lends leases
  v_raised text;
  v_count int := greatest(cardinality(p_digests), 1);
begin
  v_locked := pg_advisory_xact_lock('tessera.changes'::regclass::oid::int, 0);
  select c.n, (select f.value from tessera.facts f where f.name = 'lease_ms') into strict v_newest, v_kept
  from tessera.changes c order by c.n desc limit 1;
  if p_own_ms is null and v_kept > 0 then
    raise exception using errcode = '55000', message =
      'another process lends leases, and this version of postgresStore does not wait for them: upgrade it';
  end if;
  if p_own_ms > coalesce(v_kept, 0) then
    v_raised := tessera.raise_lease_v2(p_own_ms);
  end if;
  for v_number in 1 .. v_count loop
    insert into tessera.changes (n, nonce, digest, owner) values (
      v_newest + v_number, replace(gen_random_uuid()::text, '-', ''), p_digests[v_number],
      case cardinality(p_digests) when 0 then p_owner end);
  end loop;
  -- One more than kept: the oldest is where a reader may stand. Once in so many, all before: another process may keep more.
  delete from tessera.changes c
  where c.n >= case when (v_newest + v_count) / p_changes_kept = v_newest / p_changes_kept then v_newest - p_changes_kept else 0 end
    and c.n < v_newest - p_changes_kept + v_count;
  return greatest(v_kept, p_own_ms);
end
$$;

-- The fence: writers that do not say how long they wait are refused once anybody lends leases. Their readers go on.
create or replace function tessera.announce_v1(p_digests text[], p_owner text, p_changes_kept int)
returns void language plpgsql as $$
declare
  v_waited bigint;
begin
  v_waited := tessera.announce_v2(p_digests, p_owner, p_changes_kept, null);
end
$$;

-- As `write_change_v1`. After `written` stands the length to wait for.
create function tessera.write_change_v2(
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
  if not tessera.guard_v1(p_history, p_until) then
    return 'changed';
  end if;
  if p_key is not null or p_keys_at is not null or p_active_at is not null then
    v_set := pg_advisory_xact_lock('tessera.tokens'::regclass::oid::int, hashtext(p_owner));
    v_set := tessera.until_v1(p_until);
  end if;
  if cardinality(p_ids) > 1 then
    v_ids := array(select distinct w.id collate "C" as id from unnest(p_ids) w(id) order by 1);
  end if;
  foreach v_id in array v_ids loop
    -- Behind a lock that was waited for, this reads the row as it is by then.
    select t.id || ' ' || t.xmin::text into v_shown from tessera.tokens t where t.owner = p_owner and t.id = v_id for update;
    if found then
      if v_shown <> all(p_shown) then
        return 'changed';
      end if;
      v_shown_count := v_shown_count + 1;
      v_set := tessera.until_v1(p_until);
    end if;
  end loop;
  if v_shown_count <> cardinality(p_shown) then
    return 'changed';
  end if;
  -- What was missing when the last lock was asked for may be there by now.
  if v_shown_count < cardinality(v_ids) then
    select count(*) into v_count from unnest(v_ids) i(id) cross join lateral (
      select from tessera.tokens t where t.owner = p_owner and t.id = i.id limit 1
    ) f;
    if v_count <> v_shown_count then
      return 'changed';
    end if;
  end if;
  if p_key is not null then
    select r.xmin::text into v_shown from tessera.requests r where r.owner = p_owner and r.key = p_key;
    if v_shown is distinct from p_kept then
      return 'changed';
    end if;
  end if;
  if p_keys_at is not null then
    for v_number in 1 .. cardinality(p_keys_at) loop
      select count(*) into v_count from tessera.requests r
      where r.owner = p_owner and r.prefix = p_keys_prefix and r.expires_at > p_keys_at[v_number];
      if v_count not between p_keys_least[v_number] and p_keys_most[v_number] then
        return 'changed';
      end if;
    end loop;
  end if;
  if p_active_at is not null then
    for v_number in 1 .. cardinality(p_active_at) loop
      select count(*) into v_count from tessera.tokens t
      where t.owner = p_owner and t.prefix = any(p_active_prefixes) and t.counts_until > p_active_at[v_number];
      if v_count not between p_active_least[v_number] and p_active_most[v_number] then
        return 'changed';
      end if;
    end loop;
  end if;

  if p_add is not null then
    with added as (
      insert into tessera.tokens (
        owner, id, digest, prefix, created_at, last_used_at, counts_until, ended_at, rotated_to, rotated_from, record)
      select
        r.owner, r.id, r.digest, r.prefix, r.created_at, r.last_used_at, r.counts_until, r.ended_at, r.rotated_to,
        r.rotated_from, r.record
      from json_populate_recordset(null::tessera.tokens, p_add::json) r
      on conflict (owner, id) do nothing
      returning owner, prefix
    ), counted as (
      insert into tessera.totals as c (owner, prefix, total)
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
    v_set := tessera.until_v1(p_until);
  end if;
  if p_put is not null then
    v_set := tessera.by_index_v1();
    update tessera.tokens t
    set digest = r.digest, last_used_at = r.last_used_at, counts_until = r.counts_until, ended_at = r.ended_at,
      rotated_to = r.rotated_to, rotated_from = r.rotated_from, record = r.record
    from json_populate_recordset(null::tessera.tokens, p_put::json) r
    where t.owner = r.owner and t.id = r.id;
  end if;
  if p_keep is not null then
    insert into tessera.requests (owner, key, prefix, expires_at, kept)
    select p_owner, p_key, r.prefix, r.expires_at, r.kept
    from json_populate_record(null::tessera.requests, p_keep::json) r
    on conflict (owner, key) do update set expires_at = excluded.expires_at, kept = excluded.kept;
  end if;
  if p_digests is not null then
    v_set := tessera.until_v1(p_until);
    v_wait_ms := tessera.announce_v2(p_digests, p_owner, p_changes_kept, p_own_ms);
  end if;
  v_set := tessera.until_v1(p_until);
  return 'written ' || v_wait_ms;
end
$$;

insert into tessera.migrations (layout) values (2);
