import type { TokenRecord } from '@tessera/core'
import type { LookupParts } from './lookup.ts'
import { keyOf } from './records.ts'

/**
 * Finds records by owner and id in the cache, else in the store.
 *
 * The feed tells digests, and which one a read by id will bring is not known before it arrives. So any change drops all
 * such reads (see `followFeed`): what `confirmedLookup` argues of a fill holds of each that is left.
 */
export function standingLookup(
  { store, records, fillsById, withinDeadline, observer, now, monotonicNow }: LookupParts,
  confirm: (() => Promise<void>) | null,
): (owner: string, id: string) => Promise<TokenRecord | null> {
  function fill(owner: string, id: string): Promise<TokenRecord | null> {
    const readAt = monotonicNow()
    return fillsById.share(
      [keyOf(owner, id)],
      () => withinDeadline('find a token', () => store.find(owner, id)),
      (record) => records.keep(record, readAt),
    )
  }

  return async (owner, id) => {
    if (confirm !== null) await confirm()
    const cached = records.findToken(owner, id, now())
    if (cached === null) {
      observer.observe('miss')
      return fill(owner, id)
    }
    observer.hit(cached.record.digest)
    return cached.record
  }
}
