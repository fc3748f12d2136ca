import { endOf } from './token.ts'
import type { TokenRecord } from './token.ts'

/**
 * The end of a token, past or to come, in epoch milliseconds: by revocation, by expiry, or by the end of its overlap.
 * Infinite if nothing ends it.
 */
export function endedAt(record: TokenRecord): number {
  return Math.min(record.revokedAt ?? Number.POSITIVE_INFINITY, endOf(record))
}
