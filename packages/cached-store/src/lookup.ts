import type { TokenRecord, TokenStore, TokenUse } from '@tessera/core'
import type { Follower } from './follow-feed.ts'

/** How a cached store finds records by digest. */
export interface Lookup {
  findByDigest(digests: readonly string[], shard: string): Promise<TokenRecord | null>
  /** Gives up what is cached of a token that was changed, or may have been. */
  forget(owner: string, id: string): void
  forgetAll(): void
  noteUses(uses: readonly TokenUse[]): void
}

export interface LookupParts extends Follower {
  readonly store: Pick<TokenStore, 'findByDigest'>
  readonly now: () => number
}

/**
 * Finds records in the cache, else in the store.
 *
 * @param confirm Resolves when what is cached counts for a call made before.
 */
export function cachedLookup(
  { store, records, fills, withinDeadline, observer, now }: LookupParts,
  confirm: () => Promise<void>,
): Lookup {
  function fill(digests: readonly string[], shard: string): Promise<TokenRecord | null> {
    const readAt = now()
    return fills.share(
      digests,
      () => withinDeadline('find a token by its digest', () => store.findByDigest(digests, shard)),
      (record) => records.keep(record, readAt),
    )
  }

  return {
    async findByDigest(digests, shard) {
      await confirm()
      const cached = records.find(digests)
      observer.observe(cached === null ? 'miss' : 'hit', digests[0])
      return cached ?? fill(digests, shard)
    },
    forget(owner, id) {
      records.forgetToken(owner, id)
      fills.dropAll()
    },
    forgetAll() {
      records.clear()
      fills.dropAll()
    },
    noteUses(uses) {
      for (const use of uses) records.noteUse(use)
    },
  }
}
