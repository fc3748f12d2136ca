import type { ChangeFeed } from '@tessera/core'
import { followFeed } from '../reading/follow-feed.ts'
import { createLease } from '../reading/lease.ts'
import type { Clocks } from '../reading/lease.ts'
import { shareReadings } from '../reading/shared-readings.ts'
import type { LookupParts } from './lookup-parts.ts'
import { cachedLookup } from './lookup.ts'
import type { Lookup } from './lookup.ts'

/**
 * Finds records with the promise of `confirmedLookup`, and without its reading while a lease counts.
 *
 * The invariant: **if a lease counts at an instant, every change acknowledged before it is applied in this cache**. The
 * argument, with a length L:
 *
 * 1. The lease that counts came from a reading. It counts for 0.9 L from an instant before that was handed to the store.
 * 2. A change announced before the reading was carried out is in its answer. The answer is applied before the lease counts.
 * 3. A change announced after it is acknowledged 1.1 L after the reply to its announcement. By then 0.9 L are over.
 *
 * So clocks may be wrong by a tenth each way. Without a lease, the argument of `confirmedLookup` holds.
 *
 * @param clocks Those of the machine: a lease counts on a steady clock, which may stand still while the machine is
 *   suspended, and on the wall clock, which does not.
 */
export function leasedLookup(parts: LookupParts, feed: ChangeFeed, clocks?: Clocks): Lookup {
  const { observer } = parts
  const lease = createLease(() => void confirm().catch(() => undefined), clocks)
  const confirm = shareReadings(followFeed(feed, parts, lease))
  const lookup = cachedLookup(parts, { isFresh: lease.counts, confirm })
  function isFresh(): boolean {
    const counts = lease.counts()
    observer.askedLease(counts)
    return counts
  }
  return { ...lookup, cache: { ...lookup.cache, isFresh, stats: () => observer.stats(lease.lengthMs()) } }
}
