import { areWithin } from '../token/allowed-networks.ts'
import { TokenError } from '../token/errors.ts'
import { latestExpiry, requestedExpiry } from '../token/expiry.ts'
import type { ExpiryRules } from '../token/expiry.ts'
import { expiryIn } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'

/** Until when a token may be used, and from where. What is left out stays. */
export interface Term {
  /** In epoch milliseconds; `null` for no expiry. */
  readonly expiresAt?: number | null | undefined
  /** In CIDR notation; `null` for any. */
  readonly networks?: readonly string[] | null | undefined
}

/**
 * The token with another term. An earlier expiry is always allowed. A later one is within the ceiling of the token and
 * within `maxMs` of the first of its line, and brings no expired token back. Uses do not move an expiry that was set.
 *
 * @returns The error `invalid_parameter` for an expiry against the rules, `invalid_transition` for an expired token.
 */
export function withTerm(
  record: TokenRecord,
  { expiresAt, networks }: Term,
  at: number,
  rules: ExpiryRules,
): TokenRecord | TokenError {
  const moved = networks === undefined ? record : { ...record, networks }
  if (expiresAt === undefined) return moved
  if (expiresAt !== record.expiresAt) {
    if (at >= expiryIn(record)) return new TokenError('invalid_transition', 'an expired token gets no other expiry')
    const isEarlier = expiresAt !== null && expiresAt <= expiryIn(record)
    const allowed = requestedExpiry(expiresAt, isEarlier ? { rules: {}, at, latest: expiresAt } : limitsOf())
    if (allowed instanceof TokenError) return allowed
  }
  return { ...moved, expiresAt, fixedExpiry: expiresAt !== null }

  function limitsOf() {
    return { rules, at, latest: latestExpiry(record, rules) }
  }
}

/** Whether a token may be used for longer than before, or from more networks. */
export function isWiderTerm(before: TokenRecord, after: TokenRecord): boolean {
  return expiryIn(after) > expiryIn(before) || !areWithin(after.networks, before.networks)
}
