import { endOf } from '@tessera/core'
import type { HeldRecord, TokenRecord, TokenUse } from '@tessera/core'
import { LRUCache } from 'lru-cache'

/** The cached records. Each token has one at most; only what may be accepted is kept and handed out. */
export interface Records {
  /** The first that is cached under one of `digests` and may be accepted at that time. */
  find(digests: readonly string[], at: number): HeldRecord | null
  findToken(owner: string, id: string, at: number): HeldRecord | null
  /** Whether `find` may find one. It does not count as a use of the record. */
  has(digests: readonly string[]): boolean
  /** @param readAt When the reading of the record began: from then on its age counts. */
  keep(record: TokenRecord, readAt: number): void
  forget(digest: string): void
  forgetToken(owner: string, id: string): void
  forgetOwner(owner: string): void
  /**
   * Moves a cached `lastUsedAt` forward. It makes no record younger. A token that the use may have extended is forgotten:
   * only the store knows until when it is accepted.
   */
  noteUse(use: TokenUse): void
  clear(): void
}

export interface RecordsSettings {
  readonly max: number
  /** How old a record may be; `null` for as old as it gets. */
  readonly maxAgeMs: number | null
  readonly now: () => number
}

interface Entry extends HeldRecord {
  /** Exclusive: from this instant the record is too old, or its token expired. */
  readonly until: number
}

export function createRecords({ max, maxAgeMs, now }: RecordsSettings): Records {
  /** By owner and id, the digest that the token is cached under. */
  const digests = new Map<string, string>()
  const cache = new LRUCache<string, Entry>({
    max,
    noDisposeOnSet: true,
    dispose: ({ record: { owner, id } }) => void digests.delete(keyOf(owner, id)),
  })

  /** A token that has ended is refused for good: its record takes room and saves nothing. */
  function untilOf(record: TokenRecord, readAt: number): number {
    return Math.min(endOf(record), maxAgeMs === null ? Number.POSITIVE_INFINITY : readAt + maxAgeMs)
  }

  function forgetToken(owner: string, id: string): void {
    const digest = digests.get(keyOf(owner, id))
    if (digest !== undefined) cache.delete(digest)
  }

  function find(candidates: readonly string[], at: number): HeldRecord | null {
    for (const digest of candidates) {
      const entry = cache.get(digest)
      if (entry === undefined) continue
      if (at < entry.until) return entry
      cache.delete(digest)
    }
    return null
  }

  return {
    find,
    findToken(owner, id, at) {
      const digest = digests.get(keyOf(owner, id))
      return digest === undefined ? null : find([digest], at)
    },
    has: (candidates) => candidates.some((digest) => cache.has(digest)),
    keep(record, readAt) {
      const { owner, id, digest } = record
      const until = untilOf(record, readAt)
      forgetToken(owner, id)
      if (record.revokedAt !== null || now() >= until) return
      cache.set(digest, { record, acceptance: null, until })
      digests.set(keyOf(owner, id), digest)
    },
    forget: (digest) => void cache.delete(digest),
    forgetToken,
    forgetOwner(owner) {
      for (const { record } of [...cache.values()]) if (record.owner === owner) cache.delete(record.digest)
    },
    noteUse({ owner, id, at, extendTo }) {
      if (extendTo !== undefined) return forgetToken(owner, id)
      const digest = digests.get(keyOf(owner, id))
      const entry = digest === undefined ? undefined : cache.peek(digest)
      if (entry === undefined || (entry.record.lastUsedAt ?? Number.NEGATIVE_INFINITY) >= at) return
      cache.set(entry.record.digest, { ...entry, acceptance: null, record: { ...entry.record, lastUsedAt: at } })
    },
    clear: () => cache.clear(),
  }
}

/** Ids are unique for each owner; an owner holds no control character. */
export function keyOf(owner: string, id: string): string {
  return `${owner}\0${id}`
}
