import type { ChangeFeed, Changes } from '@tessera/core'
import type { WithinDeadline } from './deadline.ts'
import type { Fills } from './fills.ts'
import type { Observer } from './observe.ts'
import type { Records } from './records.ts'

/** What a follower of the feed keeps up to date, and what bounds its patience. */
export interface Follower {
  readonly records: Records
  readonly fills: Fills
  /** The reads that are not for a digest: each may concern any that changes. */
  readonly fillsById: Fills
  readonly withinDeadline: WithinDeadline
  readonly observer: Observer
}

/**
 * Reads a store's change feed, one reading at a time: each brings the cache up to the revision that it found. A reading
 * that fails, or is given up, changes nothing.
 */
export function followFeed(
  feed: ChangeFeed,
  { records, fills, fillsById, withinDeadline, observer }: Follower,
): () => Promise<void> {
  let standing = '' // No revision: the feed answers it with a reset.

  /** Whose token a read under way will bring is not known before it arrives. */
  function dropFills(): void {
    fills.dropAll()
    fillsById.dropAll()
  }

  function apply({ digests, owners = [] }: Changes): void {
    if (digests === 'reset') {
      observer.observe('reset')
      records.clear()
      dropFills()
      return
    }
    if (digests.length > 0) fillsById.dropAll()
    if (owners.length > 0) dropFills()
    for (const owner of owners) {
      observer.observe('change')
      records.forgetOwner(owner)
    }
    for (const digest of digests) {
      observer.observe('change', digest)
      records.forget(digest)
      fills.drop(digest)
    }
  }

  return async () => {
    observer.observe('reading')
    const changes = await withinDeadline('read its changes', () => changesAfter(feed, standing))
    apply(changes)
    standing = changes.revision
  }
}

/** One read of the short revision, and a second one only where that is another. */
async function changesAfter(feed: ChangeFeed, revision: string): Promise<Changes> {
  const newest = await feed.revision()
  return newest === revision ? { revision, digests: [] } : feed.changesSince(revision)
}
