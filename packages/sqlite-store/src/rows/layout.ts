import type { Retention } from '@tessera/core'
import type { Statements } from '../connection/database.ts'

/** The layout of the tables. A process refuses tables of any other one. */
const LAYOUT = 1

const TABLES = `
create table if not exists {tokens} (
  owner text not null,
  id text not null,
  digest text not null unique,
  prefix text not null,
  created_at integer not null,
  counts_until integer,
  ended_at integer,
  record text not null,
  primary key (owner, id)
) strict;
create index if not exists {tokens_by_creation} on {tokens} (owner, prefix, created_at, id);
create index if not exists {tokens_by_count} on {tokens} (owner, prefix, counts_until) where counts_until is not null;
create index if not exists {tokens_by_end} on {tokens} (ended_at) where ended_at is not null;

create table if not exists {requests} (
  owner text not null,
  key text not null,
  prefix text not null,
  expires_at integer not null,
  kept text not null,
  primary key (owner, key)
) strict;
create index if not exists {requests_by_expiry} on {requests} (expires_at);

create table if not exists {changes} (
  n integer primary key, nonce text not null, digest text, owner text, lease_ms integer
) strict;
insert into {changes} (n, nonce) select 0, lower(hex(randomblob(12))) where not exists (select 1 from {changes});

create table if not exists {facts} (name text primary key, value integer not null) strict;
insert into {facts} (name, value) values ('layout', ${LAYOUT}) on conflict do nothing;
`

/**
 * Shuts out writers that know no leases, also those that run already: they do not say how long a change waits. Readers of any
 * version go on.
 */
const FENCE = `
create trigger if not exists {changes_of_leases} before insert on {changes}
when new.lease_ms is null and exists (select 1 from {facts} where name = 'lease_ms')
begin
  select raise(abort, 'another process lends leases, and this version of sqliteStore does not wait for them: upgrade it');
end;
`

/**
 * Sets the connection up, and makes the tables where they are missing.
 *
 * @throws Error if the tables have another layout, or the connection is inside a transaction
 */
export function prepareTables(sql: Statements): void {
  // In this order: the mode of the journal cannot change inside a transaction.
  sql.exec('pragma busy_timeout = 0')
  sql.exec('pragma journal_mode = wal')
  sql.exec('pragma synchronous = full')
  sql.exec('begin immediate')
  try {
    sql.exec(TABLES)
    const { value } = sql.get<{ value: number }>("select value from {facts} where name = 'layout'") ?? { value: 0 }
    if (value !== LAYOUT)
      throw new Error(`the tables have layout ${value}, this version of sqliteStore needs ${LAYOUT}`)
    const columns = sql.get<{ count: number }>(
      "select count(*) as count from pragma_table_info('{changes}') where name = 'lease_ms'",
    )
    if (columns?.count === 0) sql.exec('alter table {changes} add column lease_ms integer')
    sql.exec(FENCE)
    sql.exec('commit')
  } catch (error) {
    // A full disk has ended it already.
    if (sql.isInTransaction()) sql.exec('rollback')
    throw error
  }
}

/** Whether a call to prune may go on: of all with `onceInMs` and the same first prefix, one in this time. */
export function claimPruning(sql: Statements, { prefixes: [prefix = ''], now, onceInMs }: Retention): boolean {
  const name = `pruned_at:${prefix}`
  const last = sql.get<{ value: number }>('select value from {facts} where name = ?', name)?.value ?? 0
  if (onceInMs !== undefined && last <= now && now < last + onceInMs) return false
  const replaced = 'on conflict (name) do update set value = excluded.value'
  sql.run(`insert into {facts} (name, value) values (?, ?) ${replaced}`, name, now)
  return true
}
