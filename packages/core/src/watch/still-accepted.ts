import { allowsAddress, areWithin } from '../token/allowed-networks.ts'
import { endsAt } from '../token/ended.ts'
import { permits } from '../token/scope.ts'
import type { Requirements, ScopeRules } from '../token/scope.ts'
import { statusOf, storedStatusOf } from '../token/token.ts'
import type { Token, TokenRecord } from '../token/token.ts'
import type { WatchErrorCode } from './watch-error.ts'
import type { VerifiedToken } from './watch-options.ts'

/** What a stream needs of its token. */
export interface Needs {
  readonly requirements: readonly Requirements[]
  /** `null` if the client's address is not known. */
  readonly ip: string | null
  /** The token's networks when the stream began. */
  readonly networks: readonly string[] | null
  /** Exclusive, in epoch milliseconds: the end of the credential of the stream; infinite if that is the token itself. */
  readonly until: number
}

/** The first reason to end a stream, in the order of `verify`; `null` if it may go on. */
export function refusalOf(
  record: TokenRecord | null,
  needs: Needs,
  now: number,
  rules: ScopeRules,
): WatchErrorCode | null {
  if (record === null) return 'unknown'
  const status = statusOf(record, now)
  if (status !== 'active') return status
  if (now >= needs.until) return 'expired'
  return refusalFor(record, needs, rules)
}

/**
 * The same for a token as it was at its verification, so that a stream of an ended one never begins. With a sliding expiry only
 * the record tells whether it has expired.
 */
export function refusalAtCall(
  token: VerifiedToken,
  needs: Needs,
  now: number,
  { slides, ...rules }: ScopeRules & { readonly slides: boolean },
): WatchErrorCode | null {
  const status = storedStatusOf(token)
  if (status !== 'active') return status
  const { rotatedTo, overlapEndsAt } = token
  if (rotatedTo !== null && overlapEndsAt !== null && now >= overlapEndsAt.getTime()) return 'revoked'
  const end = Number.isFinite(needs.until) || slides ? null : endsAt(token)
  if (now >= needs.until || (end !== null && now >= end.getTime())) return 'expired'
  return refusalFor(token, needs, rules)
}

function refusalFor(
  token: Pick<Token, 'networks' | 'scopes'>,
  { requirements, ip, networks }: Needs,
  rules: ScopeRules,
): WatchErrorCode | null {
  if (token.networks !== null) {
    const isAllowed = ip === null ? areWithin(networks, token.networks) : allowsAddress(token.networks, ip)
    if (!isAllowed) return 'network_not_allowed'
  }
  return requirements.every((each) => permits(token, each, rules)) ? null : 'insufficient_scope'
}
