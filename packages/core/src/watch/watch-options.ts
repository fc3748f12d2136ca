import { kindOf } from '../setup/check-names.ts'
import { wholeNumber } from '../setup/option-rules.ts'
import type { Requirements } from '../token/scope.ts'
import type { Token } from '../token/token.ts'
import { checkRequirements } from '../verify/check-verify-options.ts'

export interface WatchOptions<Scope extends string = string> extends Requirements<Scope> {
  /** More requirements, each to be met: those of the gates that a request has passed. Default none. */
  readonly requirements?: readonly Requirements<Scope>[] | undefined
  /**
   * The client's address. Once the token's networks do not hold it, the watch ends. Without one, it ends once they do not hold
   * all that they held at the call.
   */
  readonly ip?: string | null | undefined
  /**
   * How long after the acknowledgement of a change the signal aborts at the latest, 100 to 3,600,000. Default 5,000. The change
   * feed is read five times as often.
   */
  readonly withinMs?: number | undefined
}

/** A token as `verify` answers with it, also of an access token. */
export interface VerifiedToken extends Token {
  /** The end of a credential derived from the token. */
  readonly credentialEndsAt?: Date | null
}

export const WITHIN_MS = 5_000

const withinRule = wholeNumber(100, 3_600_000, 'milliseconds')

/** Their names are checked before. */
export function checkWatchOptions({ scopes, anyScope, requirements = [], withinMs = WITHIN_MS }: WatchOptions): void {
  const own = { ...(scopes !== undefined && { scopes }), ...(anyScope !== undefined && { anyScope }) }
  for (const each of [own, ...requirements]) checkRequirements('watch', each)
  if (!withinRule.test(withinMs)) {
    throw new TypeError(`watch: option "withinMs" must be ${withinRule.right}, got ${kindOf(withinMs)}`)
  }
}

export function checkWatchedToken(token: Token): void {
  const { owner, id, scopes } = Object(token) as Partial<Token>
  if (typeof owner === 'string' && typeof id === 'string' && Array.isArray(scopes)) return
  throw new TypeError(`watch: give the token of an accepted verification, got ${kindOf(token)}`)
}
