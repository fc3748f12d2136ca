import type { Kept } from '@tessera/core'
import { countFirst, insertSorted } from './sorted.ts'

/** The idempotent requests with an effect, by owner and key. */
export interface KeptRequests {
  find(owner: string, key: string): Kept | null
  /** The number of the owner's keys that have not expired at `now`. Expired ones are dropped. */
  count(owner: string, now: number): number
  keep(owner: string, kept: Kept): void
  /** Drops the keys expired at `now`. */
  prune(now: number): void
}

interface OwnerRequests {
  readonly byKey: Map<string, Kept>
  /** The same by expiry, so the expired are found without a search. */
  readonly byExpiry: Kept[]
}

export function createKeptRequests(): KeptRequests {
  const owners = new Map<string, OwnerRequests>()

  function forgetExpired(owner: string, now: number): void {
    const requests = owners.get(owner)
    if (requests === undefined) return
    const { byKey, byExpiry } = requests
    const count = countFirst(byExpiry, ({ expiresAt }) => expiresAt <= now)
    for (const expired of byExpiry.splice(0, count)) if (byKey.get(expired.key) === expired) byKey.delete(expired.key)
    if (byKey.size === 0) owners.delete(owner)
  }

  return {
    find: (owner, key) => owners.get(owner)?.byKey.get(key) ?? null,
    count(owner, now) {
      forgetExpired(owner, now)
      return owners.get(owner)?.byKey.size ?? 0
    },
    keep(owner, kept) {
      const requests = owners.get(owner) ?? { byKey: new Map<string, Kept>(), byExpiry: [] }
      const { byKey, byExpiry } = requests
      const former = byKey.get(kept.key)
      if (former !== undefined) byExpiry.splice(byExpiry.indexOf(former), 1)
      byKey.set(kept.key, kept)
      insertSorted(byExpiry, kept, ({ expiresAt }) => expiresAt <= kept.expiresAt)
      owners.set(owner, requests)
    },
    prune(now) {
      for (const owner of owners.keys()) forgetExpired(owner, now)
    },
  }
}
