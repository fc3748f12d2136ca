import type { ChangeFeed, Changes, LeasedChanges, OperationDeadline } from '@tessera/core'
import type { Records } from '../records/records.ts'
import type { Lease } from './lease.ts'
import type { Observer } from './observe.ts'
import type { PendingReads } from './pending-reads.ts'

/** The part kept up to date by a follower of the feed, and its patience. */
export interface Follower {
  readonly records: Records
  readonly pending: PendingReads
  /** The reads by id: each may bring any digest. */
  readonly pendingById: PendingReads
  readonly withinDeadline: OperationDeadline
  readonly observer: Observer
}

/**
 * Reads a store's change feed, one reading at a time: each brings the cache up to its revision. A failed or abandoned
 * reading changes nothing.
 *
 * @param lease Extended by each reading, from before it was handed to the store. Its changes are applied first.
 */
export function followFeed(
  feed: ChangeFeed,
  { records, pending, pendingById, withinDeadline, observer }: Follower,
  lease: Lease | null = null,
): () => Promise<void> {
  let reached = '' // No revision: the feed answers it with a reset.
  let wasChanged = false

  /** A pending read may bring any token. */
  function dropPending(): void {
    pending.dropAll()
    pendingById.dropAll()
  }

  function apply({ digests, owners = [] }: Changes): void {
    if (digests === 'reset') {
      observer.observe('reset')
      records.clear()
      dropPending()
      return
    }
    if (digests.length > 0) pendingById.dropAll()
    if (owners.length > 0) dropPending()
    for (const owner of owners) {
      observer.observe('change')
      records.forgetOwner(owner)
    }
    for (const digest of digests) {
      observer.observe('change')
      records.forget(digest)
      pending.drop(digest)
    }
  }

  async function read<Read extends Changes>(reading: () => Promise<Read>): Promise<Read> {
    observer.observe('reading')
    const changes = await withinDeadline('read its changes', reading).catch(fail)
    apply(changes)
    wasChanged = changes.digests !== 'reset' && changes.revision !== reached
    reached = changes.revision
    return changes
  }

  function fail(error: unknown): never {
    observer.failed()
    lease?.fail()
    throw error
  }

  // Changes seldom come alone: after some, one question for more takes less than two.
  const ask = () => (wasChanged ? feed.changesSince(reached) : changesAfter(feed, reached))
  if (lease === null) return async () => void (await read(ask))
  return async () => {
    const from = lease.begin()
    const { leaseMs } = await read(() => leasedChangesAfter(feed, reached))
    lease.extend(from, leaseMs)
  }
}

/** One read of the short revision, and a second one only if it is another. */
async function changesAfter(feed: ChangeFeed, revision: string): Promise<Changes> {
  const newest = await feed.revision()
  return newest === revision ? { revision, digests: [] } : feed.changesSince(revision)
}

/** One command: a length read later than the revision could be longer than that of a change in between. */
async function leasedChangesAfter(feed: ChangeFeed, revision: string): Promise<LeasedChanges> {
  return feed.leasedChangesSince?.(revision) ?? { ...(await feed.changesSince(revision)), leaseMs: 0 }
}
