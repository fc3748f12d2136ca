import { endOf } from '@tessera/core'
import type { TokenRecord, TokenUse } from '@tessera/core'
import { LRUCache } from 'lru-cache'

/** The cached records. Each token has one at most; only what may be accepted is kept and handed out. */
export interface Records {
  /** The first that is cached under one of `digests`. */
  find(digests: readonly string[]): TokenRecord | null
  /** @param readAt When the reading of the record began: from then on its age counts. */
  keep(record: TokenRecord, readAt: number): void
  forget(digest: string): void
  forgetToken(owner: string, id: string): void
  /** Moves a cached `lastUsedAt` forward. It makes no record younger. */
  noteUse(use: TokenUse): void
  clear(): void
}

export interface RecordsSettings {
  readonly max: number
  /** How old a record may be; `null` for as old as it gets. */
  readonly maxAgeMs: number | null
  readonly now: () => number
}

export function createRecords({ max, maxAgeMs, now }: RecordsSettings): Records {
  /** By owner and id, the digest that the token is cached under. */
  const digests = new Map<string, string>()
  const cache = new LRUCache<string, TokenRecord>({
    max,
    ttl: maxAgeMs ?? 0,
    ttlResolution: 0,
    perf: { now },
    noDisposeOnSet: true,
    dispose: ({ owner, id }) => void digests.delete(keyOf(owner, id)),
  })

  /** A revoked or expired token is refused for good: its record takes room and saves nothing. */
  function isLive(record: TokenRecord): boolean {
    return record.revokedAt === null && now() < endOf(record)
  }

  function forgetToken(owner: string, id: string): void {
    const digest = digests.get(keyOf(owner, id))
    if (digest !== undefined) cache.delete(digest)
  }

  return {
    find(candidates) {
      for (const digest of candidates) {
        const record = cache.get(digest)
        if (record === undefined) continue
        if (isLive(record)) return record
        cache.delete(digest)
      }
      return null
    },
    keep(record, readAt) {
      const { owner, id, digest } = record
      forgetToken(owner, id)
      if (!isLive(record)) return
      cache.set(digest, record, { start: readAt })
      digests.set(keyOf(owner, id), digest)
    },
    forget: (digest) => void cache.delete(digest),
    forgetToken,
    noteUse({ owner, id, at }) {
      const digest = digests.get(keyOf(owner, id))
      const record = digest === undefined ? undefined : cache.peek(digest)
      if (record === undefined || (record.lastUsedAt ?? Number.NEGATIVE_INFINITY) >= at) return
      cache.set(record.digest, { ...record, lastUsedAt: at }, { noUpdateTTL: true })
    },
    clear: () => cache.clear(),
  }
}

/** Ids are unique for each owner; an owner holds no control character. */
function keyOf(owner: string, id: string): string {
  return `${owner}\0${id}`
}
