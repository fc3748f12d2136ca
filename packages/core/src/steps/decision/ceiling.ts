import { areWithin } from '../../token/allowed-networks.ts'
import { missingScopes } from '../../token/scope.ts'
import type { ScopeRules } from '../../token/scope.ts'
import { endOf } from '../../token/token.ts'
import type { TokenRecord } from '../../token/token.ts'

/** The most that somebody may give away. `null` for no limit. */
export interface Ceiling {
  readonly scopes: readonly string[] | null
  readonly networks: readonly string[] | null
  /** The latest expiry, in epoch milliseconds. */
  readonly expiresAt: number | null
}

/** A token would get more than somebody may give away. */
export type BeyondCeiling =
  | InsufficientScope
  | { readonly outcome: 'beyond_networks' }
  /** `latest` is in epoch milliseconds. */
  | { readonly outcome: 'beyond_expiry'; readonly latest: number }

/** The refused scopes. Either the token or whoever gives them lacks them. */
export interface InsufficientScope {
  readonly outcome: 'insufficient_scope'
  readonly scopes: readonly string[]
  readonly lackedBy: 'token' | 'giver'
}

/** A token gives away no more than it has. Its end is that of the clock: its expiry, or the end of its overlap. */
export function ceilingOf(acting: TokenRecord, mayOutlive = false): Ceiling {
  const { scopes, networks } = acting
  const end = endOf(acting)
  return { scopes, networks, expiresAt: mayOutlive || end === Number.POSITIVE_INFINITY ? null : end }
}

/** The scopes above one of the ceilings; `null` if there are none. */
export function scopesBeyond(
  scopes: readonly string[],
  ceilings: readonly Ceiling[],
  rules: ScopeRules,
): InsufficientScope | null {
  const above = ceilings.flatMap((most) => (most.scopes === null ? [] : missingScopes(most.scopes, scopes, rules)))
  return above.length === 0 ? null : { outcome: 'insufficient_scope', scopes: [...new Set(above)], lackedBy: 'giver' }
}

/** The first part of a token above one of the ceilings: scopes, then networks, then the expiry. `null` for none. */
export function beyond(
  { scopes, networks, expiresAt }: Pick<TokenRecord, 'scopes' | 'networks' | 'expiresAt'>,
  ceilings: readonly Ceiling[],
  rules: ScopeRules,
): BeyondCeiling | null {
  const lacking = scopesBeyond(scopes, ceilings, rules)
  if (lacking !== null) return lacking
  if (!ceilings.every((most) => areWithin(networks, most.networks))) return { outcome: 'beyond_networks' }
  const latest = Math.min(...ceilings.map((most) => most.expiresAt ?? Number.POSITIVE_INFINITY))
  return (expiresAt ?? Number.POSITIVE_INFINITY) <= latest ? null : { outcome: 'beyond_expiry', latest }
}

/** The token once somebody with these ceilings has added to it: it never ends later than they allow. */
export function under(record: TokenRecord, ceilings: readonly Ceiling[]): TokenRecord {
  const all = [record.expiryCeiling, ...ceilings.map(({ expiresAt }) => expiresAt)].filter((end) => end !== null)
  return all.length === 0 ? record : { ...record, expiryCeiling: Math.min(...all) }
}
