import { endOf } from './token.ts'
import type { Token, TokenRecord } from './token.ts'

/**
 * The end of a token, past or to come, in epoch milliseconds: by revocation, by expiry, or by the end of its overlap.
 * Infinite if nothing ends it.
 */
export function endedAt(record: TokenRecord): number {
  return Math.min(record.revokedAt ?? Number.POSITIVE_INFINITY, endOf(record))
}

/**
 * Exclusive: the end of a token by the clock alone, at its expiry or the end of its overlap; `null` if the clock does not
 * end it. Whoever passes on an answer about a token passes it on for no longer than this.
 */
export function endsAt({
  expiresAt,
  rotatedTo,
  overlapEndsAt,
}: Pick<Token, 'expiresAt' | 'rotatedTo' | 'overlapEndsAt'>): Date | null {
  const end = endOf({
    expiresAt: expiresAt?.getTime() ?? null,
    // A token's expiry, unlike a record's, lies within its ceiling.
    expiryCeiling: null,
    rotatedTo,
    overlapEndsAt: overlapEndsAt?.getTime() ?? null,
  })
  return end === Number.POSITIVE_INFINITY ? null : new Date(end)
}
