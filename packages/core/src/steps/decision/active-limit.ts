import { expiryIn } from '../../token/token.ts'
import type { TokenRecord } from '../../token/token.ts'
import type { Step } from './decision.ts'

/** Whether an owner with so many active tokens may get another one. No for `null`, a missing count. */
export function isBelowLimit(active: number | null, limit: number | null): boolean {
  return limit === null || (active !== null && active < limit)
}

/**
 * The end of a token's count towards the limit of active tokens: exclusive, in epoch milliseconds; infinite without an
 * expiry, `null` if it does not count. Suspended tokens count. Revoked ones do not, nor do rotated ones: their
 * successor has taken over the place.
 */
export function countsUntil(record: TokenRecord): number | null {
  return record.revokedAt !== null || record.rotatedTo !== null ? null : expiryIn(record)
}

/** Counts the owner's active tokens at an instant, as `insert` counts them. Changes nothing. */
export function countActive(at: number, prefixes: readonly string[]): Step<number> {
  return {
    operation: 'count active tokens',
    wants: { ids: [], key: null, active: { at, prefixes }, readOnly: true },
    decide({ active }) {
      if (active === null) throw new Error('the count of active tokens was not shown')
      return { answer: active }
    },
  }
}
