import type { ChangeFeed } from '@tessera/core'
import { followFeed } from './follow-feed.ts'
import { cachedLookup } from './lookup.ts'
import type { Lookup, LookupParts } from './lookup.ts'
import { shareReadings } from './shared-readings.ts'

/**
 * Finds records with the promise that a change acknowledged before the call is seen by it, whoever made the change.
 *
 * The invariant: **a cached record has every change up to the revision that the cache stands at**, and so has the record
 * that any fill under way will bring. The argument:
 *
 * 1. A store writes a change to the record, then to the feed, then acknowledges it.
 * 2. A fill begins after the cache came to its revision. By 1 the record that it brings has every change up to there.
 * 3. Before the cache comes to another revision, it forgets the record and drops the fill of each digest that changed
 *    since, or of all where the feed cannot tell; of an owner in the feed, all records, and every fill, as it may bring one
 *    of theirs. A fill by id may bring any digest, so that each change drops them all.
 *    What remains did not change, so the invariant holds there too.
 * 4. A call is answered after a reading of the feed that began after the call was made. By 1 a change acknowledged
 *    before the call is in what that reading finds: the cache stands at or after it, and by the invariant the answer has it.
 *
 * No clock takes part in this, and no word from other processes. A reading that fails or is late rejects; then nothing
 * moved, and nothing was answered.
 */
export function confirmedLookup(parts: LookupParts, feed: ChangeFeed): Lookup {
  return cachedLookup(parts, shareReadings(followFeed(feed, parts)))
}
