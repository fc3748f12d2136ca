import type { Statements } from '../connection/database.ts'

/** The longest lease that a cache of any process may hold, kept beside the feed. Each call is inside a transaction. */
export interface KeptLease {
  /** In milliseconds; 0 if no process lends leases. */
  read(): number
  /** Keeps the own length if it is longer, and returns the longest. */
  raise(): number
}

/** @param ownMs The length of this process; 0 if it lends none. */
export function keptLeaseIn(sql: Statements, ownMs: number): KeptLease {
  const read = () => sql.get<{ value: number }>("select value from {facts} where name = 'lease_ms'")?.value ?? 0
  return {
    read,
    raise() {
      const keptMs = read()
      if (ownMs <= keptMs) return keptMs
      const replaced = 'on conflict (name) do update set value = excluded.value'
      sql.run(`insert into {facts} (name, value) values ('lease_ms', ?) ${replaced}`, ownMs)
      return ownMs
    },
  }
}
