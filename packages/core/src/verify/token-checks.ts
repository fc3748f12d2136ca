import { allowsAddress } from '../token/allowed-networks.ts'
import { parseAddress } from '../token/network.ts'
import { coversAny, missingScopes } from '../token/scope.ts'
import type { Requirements, ScopeRules } from '../token/scope.ts'
import { asOf, expiryIn } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'

/** One check of `verify`, and its result. */
export interface Check {
  readonly check: 'shape' | 'checksum' | 'found' | 'revocation' | 'expiry' | 'suspension' | 'network' | 'scopes'
  readonly passed: boolean
  /** For people. It holds no secret. */
  readonly detail: string
}

/** A verification, as far as the checks of a record depend on it. */
interface Question {
  readonly now: number
  readonly ip: string | null | undefined
  readonly requirements: Requirements
  readonly rules: ScopeRules
}

/** In the order of `verify`: the first failed check is its reason. */
const CHECKS = [revocation, expiry, suspension, network, scopes]

/** All possible checks of a record, whatever the results of the earlier ones. */
export function checkRecord(record: TokenRecord, question: Question): readonly Check[] {
  return CHECKS.map((check) => check(record, question))
}

function revocation(record: TokenRecord, { now }: Question): Check {
  const { revokedAt } = asOf(record, now)
  const detail = revokedAt === null ? 'not revoked' : `revoked at ${instant(revokedAt)}`
  return { check: 'revocation', passed: revokedAt === null, detail }
}

function expiry(record: TokenRecord, { now }: Question): Check {
  const expiresAt = expiryIn(record)
  if (!Number.isFinite(expiresAt)) return { check: 'expiry', passed: true, detail: 'does not expire' }
  const passed = now < expiresAt
  return { check: 'expiry', passed, detail: `${passed ? 'expires' : 'expired'} at ${instant(expiresAt)}` }
}

function suspension({ suspendedAt }: TokenRecord): Check {
  const detail = suspendedAt === null ? 'not suspended' : `suspended at ${instant(suspendedAt)}`
  return { check: 'suspension', passed: suspendedAt === null, detail }
}

function network({ networks }: TokenRecord, { ip }: Question): Check {
  if (networks === null) return { check: 'network', passed: true, detail: 'may be used from anywhere' }
  const passed = allowsAddress(networks, ip)
  // An address that is none is not repeated: it may be anything.
  const from = parseAddress(ip) === null ? 'used from no address' : `used from ${ip}`
  return { check: 'network', passed, detail: `${from}, may be used from ${networks.join(', ')}` }
}

function scopes(record: TokenRecord, { requirements: { scopes: all = [], anyScope }, rules }: Question): Check {
  const missing = missingScopes(record.scopes, all, rules)
  const faults = [
    ...(missing.length === 0 ? [] : [`lacks ${missing.join(', ')}`]),
    ...(anyScope === undefined || coversAny(record.scopes, anyScope, rules)
      ? []
      : [`holds none of [${anyScope.join(', ')}]`]),
  ]
  const passed = faults.length === 0
  return { check: 'scopes', passed, detail: passed ? 'holds what is required' : faults.join('; ') }
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
