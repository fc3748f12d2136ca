import { endOf, sharedScopes } from '@tessera/core'
import type { CachedRecord, TokenRecord, TokenUse } from '@tessera/core'
import { LRUCache } from 'lru-cache'
import { monotonicAt } from './monotonic-at.ts'
import { createOwnerIndex } from './owner-index.ts'
import type { OwnerGroup } from './owner-index.ts'
import { bytesOf } from './record-bytes.ts'

/** The cached records. Each token has one at most. Only acceptable ones are kept and handed out. */
export interface Records {
  /** The first record under one of `digests` that may be accepted at that time. */
  find(digests: readonly string[], at: number): CachedRecord | null
  findToken(owner: string, id: string, at: number): CachedRecord | null
  /** Whether `find` may find one. It does not count as a use of the record. */
  has(digests: readonly string[]): boolean
  /** @param readAt The start of the record's reading, by the monotonic clock: its age counts from there. */
  keep(record: TokenRecord, readAt: number): void
  forget(digest: string): void
  forgetToken(owner: string, id: string): void
  /** It costs the same for any number of records; their memory is given back as others are kept. */
  forgetOwner(owner: string): void
  /**
   * Moves a cached `lastUsedAt` forward. It makes no record younger. A token possibly extended by the use is dropped:
   * only the store knows its expiry.
   */
  noteUse(use: TokenUse): void
  /** It costs the same for any number of records, as `forgetOwner` does. */
  clear(): void
}

export interface RecordsSettings {
  readonly max: number
  readonly maxBytes: number
  /** How old a record may be; `null` for as old as it gets. */
  readonly maxAgeMs: number | null
  readonly now: () => number
  readonly monotonicNow: () => number
}

interface Entry extends CachedRecord {
  record: TokenRecord
  /** Exclusive: from this instant the record is too old, or its token expired. */
  readonly until: number
  /** Exclusive, by the monotonic clock: from then on the record is too old. 0 if it may be as old as it gets. */
  readonly freshUntil: number
  readonly group: OwnerGroup<Entry>
}

const SWEPT_AT_ONCE = 4

export function createRecords({ max, maxBytes, maxAgeMs, now, monotonicNow }: RecordsSettings): Records {
  const ageClock = monotonicAt(monotonicNow, now)
  const index = createOwnerIndex<Entry>()
  const cache = new LRUCache<string, Entry>({ max, maxSize: maxBytes, dispose: index.remove })

  function counts({ group, until, freshUntil }: Entry, at: number): boolean {
    if (group.life.isOver || at >= until) return false
    return maxAgeMs === null || ageClock(at) < freshUntil
  }

  function find(candidates: readonly string[], at: number): CachedRecord | null {
    for (const digest of candidates) {
      const entry = cache.get(digest)
      if (entry === undefined) continue
      if (counts(entry, at)) return entry
      cache.delete(digest)
    }
    return null
  }

  function forgetToken(owner: string, id: string): void {
    const entry = index.find(owner, id)
    if (entry !== null) cache.delete(entry.record.digest)
  }

  /** Gives back the memory of a few records dropped with others. */
  function sweep(): void {
    for (let swept = 0; swept < SWEPT_AT_ONCE; swept += 1) {
      const entry = index.nextForgotten()
      if (entry === null) return
      const { digest } = entry.record
      if (cache.peek(digest) === entry) cache.delete(digest)
    }
  }

  /** The record in the least room, since many are kept. */
  function compact(record: TokenRecord): TokenRecord {
    const scopes = sharedScopes(record.scopes)
    return scopes === record.scopes ? record : { ...record, scopes }
  }

  return {
    find,
    findToken(owner, id, at) {
      const entry = index.find(owner, id)
      return entry === null ? null : find([entry.record.digest], at)
    },
    has: (candidates) => candidates.some((digest) => cache.has(digest)),
    keep(record, readAt) {
      const { owner, id, digest } = record
      sweep()
      forgetToken(owner, id)
      cache.delete(digest)
      // The other clock, too: the monotonic one stands still while the machine sleeps.
      const until = maxAgeMs === null ? endOf(record) : Math.min(endOf(record), now() + maxAgeMs)
      const freshUntil = maxAgeMs === null ? 0 : readAt + maxAgeMs
      // A token that has ended is refused for good: its record takes room and saves nothing.
      if (record.revokedAt !== null || now() >= until) return
      const size = bytesOf(record)
      if (size > maxBytes) return
      const entry = { record: compact(record), memo: null, until, freshUntil, group: index.groupOf(owner) }
      // First here, so that the group is not empty when the record that gives way is of the same owner.
      index.add(entry)
      cache.set(digest, entry, { size })
    },
    forget: (digest) => void cache.delete(digest),
    forgetToken,
    forgetOwner: index.forgetOwner,
    noteUse({ owner, id, at, extendTo }) {
      if (extendTo !== undefined) return forgetToken(owner, id)
      const entry = index.find(owner, id)
      if (entry === null || (entry.record.lastUsedAt ?? Number.NEGATIVE_INFINITY) >= at) return
      entry.record = { ...entry.record, lastUsedAt: at }
      entry.memo = null
    },
    clear: index.forgetAll,
  }
}

/** Ids are unique for each owner; an owner has no control character. */
export function keyOf(owner: string, id: string): string {
  return `${owner}\0${id}`
}
