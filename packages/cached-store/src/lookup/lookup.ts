import type { CachedRecord, TokenCache, TokenRecord, TokenStore, TokenUse } from '@tessera/core'
import { keyOf } from '../records/records.ts'
import type { Confirmation, LookupParts } from './lookup-parts.ts'
import { tokenLookup } from './token-lookup.ts'

/** A cached store's way to the records of used tokens. */
export interface Lookup {
  readonly findByDigest: TokenStore['findByDigest']
  readonly cache: TokenCache
  /** Drops the cached record of a token that was changed, or may have been. */
  forget(owner: string, id: string): void
  forgetOwner(owner: string): void
  /** Drops the pending reads of a token added after they began: they may miss it. */
  noteInsert(record: TokenRecord): void
  /** Drops all pending reads: each may bring a token removed after it began. */
  notePruning(): void
  noteUses(uses: readonly TokenUse[]): void
}

/**
 * Finds records in the cache, else in the store.
 *
 * @param confirmation `null` if the cache is always up to date.
 */
export function cachedLookup(parts: LookupParts, confirmation: Confirmation | null): Lookup {
  const { store, records, pending, pendingById, withinDeadline, observer, now, monotonicNow } = parts

  function read(digests: readonly string[], shard: string): Promise<TokenRecord | null> {
    const readAt = monotonicNow()
    return pending.share(
      digests,
      () => withinDeadline('find a token by its digest', () => store.findByDigest(digests, shard)),
      (record) => records.keep(record, readAt),
    )
  }

  function hit(digests: readonly string[], at: number): CachedRecord | null {
    const cached = records.find(digests, at)
    if (cached !== null) observer.hit(cached.record)
    return cached
  }

  /** A pending read may bring any token. */
  function dropPending(): void {
    pending.dropAll()
    pendingById.dropAll()
  }

  async function findByDigest(digests: readonly string[], shard: string): Promise<TokenRecord | null> {
    if (confirmation !== null && confirmation.isFresh?.() !== true) await confirmation.confirm()
    const cached = hit(digests, now())
    if (cached !== null) return cached.record
    observer.observe('miss')
    return read(digests, shard)
  }

  const findToken = tokenLookup(parts, confirmation)
  return {
    findByDigest,
    cache: {
      answersFor: findByDigest,
      has: records.has,
      find: hit,
      ...confirmation,
      findToken,
      stats: () => observer.stats(),
    },
    forget(owner, id) {
      records.forgetToken(owner, id)
      dropPending()
    },
    forgetOwner(owner) {
      records.forgetOwner(owner)
      dropPending()
    },
    noteInsert({ owner, id, digest }) {
      pending.drop(digest)
      pendingById.drop(keyOf(owner, id))
    },
    notePruning: dropPending,
    noteUses(uses) {
      for (const use of uses) records.noteUse(use)
    },
  }
}
