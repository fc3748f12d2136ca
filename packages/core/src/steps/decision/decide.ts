import { allowsAddress } from '../../token/allowed-networks.ts'
import { permits } from '../../token/scope.ts'
import type { ScopeRules } from '../../token/scope.ts'
import { statusOf } from '../../token/token.ts'
import type { TokenRecord } from '../../token/token.ts'
import type { RefusalReason, VerifyOptions } from '../../token/verification.ts'

/**
 * Decides about the record found: returns the first reason to refuse it, or `null` to accept it.
 *
 * The order is revoked, expired, suspended, networks, scopes. `explain` shows the same checks one by one.
 */
export function decide(
  record: TokenRecord,
  now: number,
  options: VerifyOptions,
  rules: ScopeRules,
): RefusalReason | null {
  const status = statusOf(record, now)
  if (status !== 'active') return status
  if (record.networks !== null && !allowsAddress(record.networks, options.ip)) return 'network_not_allowed'
  return permits(record, options, rules) ? null : 'insufficient_scope'
}
