import { prefixOfKey } from '@tessera/core'
import type { Kept } from '@tessera/core'
import { countFirst, insertSorted } from './sorted.ts'

/** The idempotent requests with an effect, by owner and key. */
export interface KeptRequests {
  find(owner: string, key: string): Kept | null
  /** The number of the owner's keys of a prefix that have not expired at `now`. Expired ones are dropped. */
  count(owner: string, prefix: string, now: number): number
  keep(owner: string, kept: Kept): void
  /** Drops the keys expired at `now`. */
  prune(now: number): void
}

/** One owner's requests under keys of one prefix. */
interface Requests {
  readonly byKey: Map<string, Kept>
  /** The same by expiry, so the expired are found without a search. */
  readonly byExpiry: Kept[]
}

export function createKeptRequests(): KeptRequests {
  const groups = new Map<string, Requests>()

  function forgetExpired(name: string, now: number): void {
    const requests = groups.get(name)
    if (requests === undefined) return
    const { byKey, byExpiry } = requests
    const count = countFirst(byExpiry, ({ expiresAt }) => expiresAt <= now)
    for (const expired of byExpiry.splice(0, count)) if (byKey.get(expired.key) === expired) byKey.delete(expired.key)
    if (byKey.size === 0) groups.delete(name)
  }

  return {
    find: (owner, key) => groups.get(nameOf(owner, prefixOfKey(key)))?.byKey.get(key) ?? null,
    count(owner, prefix, now) {
      const name = nameOf(owner, prefix)
      forgetExpired(name, now)
      return groups.get(name)?.byKey.size ?? 0
    },
    keep(owner, kept) {
      const name = nameOf(owner, prefixOfKey(kept.key))
      const requests = groups.get(name) ?? { byKey: new Map<string, Kept>(), byExpiry: [] }
      const { byKey, byExpiry } = requests
      const former = byKey.get(kept.key)
      if (former !== undefined) byExpiry.splice(byExpiry.indexOf(former), 1)
      byKey.set(kept.key, kept)
      insertSorted(byExpiry, kept, ({ expiresAt }) => expiresAt <= kept.expiresAt)
      groups.set(name, requests)
    },
    prune(now) {
      for (const name of groups.keys()) forgetExpired(name, now)
    },
  }
}

function nameOf(owner: string, prefix: string): string {
  return `${prefix}:${owner}`
}
