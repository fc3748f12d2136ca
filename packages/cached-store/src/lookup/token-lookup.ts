import type { TokenRecord } from '@tessera/core'
import { keyOf } from '../records/records.ts'
import type { Confirmation, LookupParts } from './lookup-parts.ts'

/**
 * Finds records by owner and id in the cache, else in the store.
 *
 * The feed announces digests, and a read by id may bring any digest. So any change drops all such reads, see
 * `followFeed`. The argument of `confirmedLookup` holds for each one left.
 */
export function tokenLookup(
  { store, records, pendingById, withinDeadline, observer, now, monotonicNow }: LookupParts,
  confirmation: Confirmation | null,
): (owner: string, id: string) => Promise<TokenRecord | null> {
  function read(owner: string, id: string): Promise<TokenRecord | null> {
    const readAt = monotonicNow()
    return pendingById.share(
      [keyOf(owner, id)],
      () => withinDeadline('find a token', () => store.find(owner, id)),
      (record) => records.keep(record, readAt),
    )
  }

  return async (owner, id) => {
    if (confirmation !== null && confirmation.isFresh?.() !== true) await confirmation.confirm()
    const cached = records.findToken(owner, id, now())
    if (cached === null) {
      observer.observe('miss')
      return read(owner, id)
    }
    observer.hit(cached.record)
    return cached.record
  }
}
