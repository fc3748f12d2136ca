import { parseStored, prefixOfKey } from '@tessera/core'
import type { Kept } from '@tessera/core'
import type { Statements } from '../connection/database.ts'

/** The idempotent requests with an effect, by owner and key. Changes belong into a transaction. */
export interface KeptRequests {
  find(owner: string, key: string): Kept | null
  /** The number of the owner's keys of a prefix that have not expired at an instant. */
  count(owner: string, prefix: string, at: number): number
  keep(owner: string, kept: Kept): void
  removeExpired(at: number): void
}

export function keptRequestsIn(sql: Statements): KeptRequests {
  return {
    find(owner, key) {
      const row = sql.get<{ kept: string }>('select kept from {requests} where owner = ? and key = ?', owner, key)
      return row === undefined ? null : (parseStored(row.kept) as Kept) // As `keep` wrote it.
    },
    count(owner, prefix, at) {
      const counted = 'select count(*) as count from {requests} where owner = ? and prefix = ? and expires_at > ?'
      return sql.get<{ count: number }>(counted, owner, prefix, at)?.count ?? 0
    },
    keep(owner, kept) {
      const replaced = 'on conflict (owner, key) do update set expires_at = excluded.expires_at, kept = excluded.kept'
      const values = [owner, kept.key, prefixOfKey(kept.key), kept.expiresAt, JSON.stringify(kept)]
      sql.run(
        `insert into {requests} (owner, key, prefix, expires_at, kept) values (?, ?, ?, ?, ?) ${replaced}`,
        ...values,
      )
    },
    removeExpired: (at) => sql.run('delete from {requests} where expires_at <= ?', at),
  }
}
