import type { ChangeFeed } from '@tessera/core'
import { followFeed } from '../reading/follow-feed.ts'
import { shareReadings } from '../reading/shared-readings.ts'
import type { LookupParts } from './lookup-parts.ts'
import { cachedLookup } from './lookup.ts'
import type { Lookup } from './lookup.ts'

/**
 * Finds records with this promise: a change acknowledged before the call is seen by it, whoever made the change.
 *
 * The invariant: **a cached record has every change up to the revision of the cache**, and so has the record of any
 * pending read. The argument:
 *
 * 1. A store writes a change to the record, then to the feed, then acknowledges it.
 * 2. A read begins after the cache came to its revision. By 1 its record has every change up to there.
 * 3. Before the cache comes to another revision, it drops the record and the pending read of each digest changed since,
 *   or all of them if the feed does not know. For an owner in the feed it drops all records of the owner, and every
 *   pending read, as it may bring one of them. A read by id may bring any digest, so each change drops them all. The
 *   rest did not change, so the invariant is true there too.
 * 4. A call is answered after a reading of the feed that began after the call. By 1 that reading finds each change
 *   acknowledged before the call: the cache is at or after it, and by the invariant the answer has it.
 *
 * No clock takes part in this, and no word from other processes. A failed or late reading rejects; then nothing moved,
 * and nothing was answered.
 */
export function confirmedLookup(parts: LookupParts, feed: ChangeFeed): Lookup {
  return cachedLookup(parts, { confirm: shareReadings(followFeed(feed, parts)) })
}
