-- Leases: a cache answers from memory for as long as it has one, and a change is acknowledged once none from before can count. The
-- longest length is a fact beside the feed, and never falls.

-- The longest length kept; 0 if nobody lends leases.
create function tessera.lease_v2() returns bigint language sql stable parallel safe as $$
  select coalesce((select f.value from tessera.facts f where f.name = 'lease_ms'), 0)
$$;

-- Keeps a longer length, under the lock of the feed: so each announcement is either made before, and the first lease of this length
-- knows it, or finds this length.
create function tessera.raise_lease_v2(p_own_ms bigint) returns bigint language plpgsql as $$
declare
  v_kept bigint := tessera.lease_v2();
begin
  if p_own_ms > v_kept then
    insert into tessera.facts as f (name, value) values ('lease_ms', p_own_ms)
    on conflict (name) do update set value = greatest(f.value, excluded.value);
    return p_own_ms;
  end if;
  return v_kept;
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
  v_kept := tessera.raise_lease_v2(p_own_ms);
  v_set := tessera.until_v1(p_until);
  return v_kept::text;
end
$$;

-- As before, and the fence: writers that do not say how long they wait are refused once anybody lends leases. Their readers go on.
create or replace function tessera.announce_v1(p_digests text[], p_owner text, p_changes_kept int)
returns void language plpgsql as $$
declare
  v_locked text;
  v_newest bigint;
  v_count int := greatest(cardinality(p_digests), 1);
  v_own_ms bigint := nullif(current_setting('tessera_lease.ms', true), '');
  v_set text;
begin
  v_locked := pg_advisory_xact_lock('tessera.changes'::regclass::oid::int, 0);
  if v_own_ms is not null then
    v_set := set_config('tessera_lease.ms', tessera.raise_lease_v2(v_own_ms)::text, true);
  elsif tessera.lease_v2() > 0 then
    raise exception using errcode = '55000', message =
      'another process lends leases, and this version of postgresStore does not wait for them: upgrade it';
  end if;
  select c.n into strict v_newest from tessera.changes c order by c.n desc limit 1;
  insert into tessera.changes (n, nonce, digest, owner)
  select v_newest + number, replace(gen_random_uuid()::text, '-', ''), p_digests[number],
    case cardinality(p_digests) when 0 then p_owner end
  from generate_series(1, v_count) number;
  -- One more than kept: the oldest is where a reader may stand.
  delete from tessera.changes c
  where c.n >= v_newest - p_changes_kept and c.n < v_newest - p_changes_kept + v_count;
end
$$;

-- As `write_change_v1`. After `written` stands the length to wait for; it is that of a lease kept when the entry was made.
create function tessera.write_change_v2(
  p_owner text,
  p_history text,
  p_ids text[],
  p_shown text[],
  p_key text, p_kept text,
  p_keys_prefix text, p_keys_at bigint[], p_keys_least bigint[], p_keys_most bigint[],
  p_active_prefixes text[], p_active_at bigint[], p_active_least bigint[], p_active_most bigint[],
  p_add text, p_put text, p_keep text,
  p_digests text[],
  p_until bigint,
  p_changes_kept int,
  p_own_ms int -- the length lent by this process, or 0
) returns text language plpgsql as $$
declare
  v_set text;
  v_outcome text;
begin
  if p_digests is null then
    return tessera.write_change_v1(
      p_owner, p_history, p_ids, p_shown, p_key, p_kept, p_keys_prefix, p_keys_at, p_keys_least, p_keys_most,
      p_active_prefixes, p_active_at, p_active_least, p_active_most, p_add, p_put, p_keep, p_digests, p_until, p_changes_kept);
  end if;
  v_set := set_config('tessera_lease.ms', p_own_ms::text, true);
  v_outcome := tessera.write_change_v1(
    p_owner, p_history, p_ids, p_shown, p_key, p_kept, p_keys_prefix, p_keys_at, p_keys_least, p_keys_most,
    p_active_prefixes, p_active_at, p_active_least, p_active_most, p_add, p_put, p_keep, p_digests, p_until, p_changes_kept);
  return v_outcome || ' ' || current_setting('tessera_lease.ms');
end
$$;

insert into tessera.migrations (layout) values (2);
