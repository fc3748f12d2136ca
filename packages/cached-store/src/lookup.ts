import type { FindByDigest, Held, HeldRecord, TokenRecord, TokenStore, TokenUse } from '@tessera/core'
import type { Follower } from './follow-feed.ts'
import { keyOf } from './records.ts'
import { standingLookup } from './standing-lookup.ts'

/** How a cached store finds the records of tokens that are used. */
export interface Lookup {
  readonly findByDigest: FindByDigest
  findStanding(owner: string, id: string): Promise<TokenRecord | null>
  /** Gives up what is cached of a token that was changed, or may have been. */
  forget(owner: string, id: string): void
  forgetOwner(owner: string): void
  /** Gives up the reads under way that may miss a token, since it was added after they began. */
  noteInsert(record: TokenRecord): void
  /** Gives up the reads under way that may bring a token that was removed after they began. */
  notePruning(): void
  noteUses(uses: readonly TokenUse[]): void
}

export interface LookupParts extends Follower {
  readonly store: Pick<TokenStore, 'findByDigest' | 'find'>
  readonly now: () => number
  readonly monotonicNow: () => number
}

/**
 * Finds records in the cache, else in the store.
 *
 * @param confirm Resolves when what is cached counts for a call made before; `null` where it always does.
 */
export function cachedLookup(parts: LookupParts, confirm: (() => Promise<void>) | null): Lookup {
  const { store, records, fills, fillsById, withinDeadline, observer, now, monotonicNow } = parts

  function fill(digests: readonly string[], shard: string): Promise<TokenRecord | null> {
    const readAt = monotonicNow()
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

  /** Which reads under way are of what was changed is not known before they arrive. */
  function dropFills(): void {
    fills.dropAll()
    fillsById.dropAll()
  }

  async function findByDigest(digests: readonly string[], shard: string): Promise<TokenRecord | null> {
    if (confirm !== null) await confirm()
    const cached = hit(digests, now())
    if (cached !== null) return cached.record
    observer.observe('miss', digests[0])
    return fill(digests, shard)
  }

  const held: Held = { has: records.has, find: hit, ...(confirm && { confirm }) }
  return {
    findByDigest: Object.assign(findByDigest, { held }),
    findStanding: standingLookup(parts, confirm),
    forget(owner, id) {
      records.forgetToken(owner, id)
      dropFills()
    },
    forgetOwner(owner) {
      records.forgetOwner(owner)
      dropFills()
    },
    noteInsert({ owner, id, digest }) {
      fills.drop(digest)
      fillsById.drop(keyOf(owner, id))
    },
    notePruning: dropFills,
    noteUses(uses) {
      for (const use of uses) records.noteUse(use)
    },
  }
}
