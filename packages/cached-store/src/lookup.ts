import type { HeldRecord, TokenRecord, TokenStore, TokenUse } from '@tessera/core'
import type { Follower } from './follow-feed.ts'

/** How a cached store finds records by digest. */
export interface Lookup {
  findByDigest(digests: readonly string[], shard: string): Promise<TokenRecord | null>
  /** What is cached, once it counts; `null` where nothing is. */
  readonly findHeld: NonNullable<TokenStore['findHeld']>
  /** Gives up what is cached of a token that was changed, or may have been. */
  forget(owner: string, id: string): void
  noteUses(uses: readonly TokenUse[]): void
}

export interface LookupParts extends Follower {
  readonly store: Pick<TokenStore, 'findByDigest'>
  readonly now: () => number
}

/**
 * Finds records in the cache, else in the store.
 *
 * @param confirm Resolves when what is cached counts for a call made before; `null` where it always does.
 */
export function cachedLookup(
  { store, records, fills, withinDeadline, observer, now }: LookupParts,
  confirm: (() => Promise<void>) | null,
): Lookup {
  function fill(digests: readonly string[], shard: string): Promise<TokenRecord | null> {
    const readAt = now()
    return fills.share(
      digests,
      () => withinDeadline('find a token by its digest', () => store.findByDigest(digests, shard)),
      (record) => records.keep(record, readAt),
    )
  }

  function hit(digests: readonly string[], at: number): HeldRecord | null {
    const cached = records.find(digests, at)
    if (cached !== null) observer.hit(digests[0])
    return cached
  }

  return {
    async findByDigest(digests, shard) {
      if (confirm !== null) await confirm()
      const cached = hit(digests, now())
      if (cached !== null) return cached.record
      observer.observe('miss', digests[0])
      return fill(digests, shard)
    },
    findHeld(digests, at) {
      if (confirm === null) return hit(digests, at)
      return records.has(digests) ? confirm().then(() => hit(digests, at)) : null
    },
    forget(owner, id) {
      records.forgetToken(owner, id)
      fills.dropAll()
    },
    noteUses(uses) {
      for (const use of uses) records.noteUse(use)
    },
  }
}
