import type { Settings } from '../../setup/settings.ts'
import { TokenError, invalidParameter } from '../../token/errors.ts'
import { isGrantable, isScope, missingScopes } from '../../token/scope.ts'
import { parseSecret } from '../../token/secret/secret.ts'

const MOST = 100
const LIST = `a list of at most ${MOST} scopes`
const NO_WILDCARDS = 'free of *: wildcards are off'
const WILDCARDS = 'free of * but for the end of one like jobs:*, or they would grant nothing'
const SCOPES = 'a list of scopes of 1 to 128 printable ASCII characters without space, " and \\'

/** @throws TokenError `invalid_parameter` for scopes nobody can get */
export function checkIssuableScopes(scopes: unknown, { catalogue, wildcards }: Settings): void {
  if (!Array.isArray(scopes) || scopes.length > MOST) throw invalidParameter('scopes', LIST)
  for (const scope of scopes as readonly unknown[]) {
    if (typeof scope !== 'string' || !isScope(scope)) throw invalidParameter('scopes', SCOPES)
    // An answer names refused scopes, and must not name a secret.
    if (parseSecret(scope) !== null) throw invalidParameter('scopes', 'scopes, and not a secret')
    // It names no other: a token of few scopes would learn all that the API has.
    if (catalogue?.has(scope) === false) throw invalidParameter('scopes', `known to this API, and ${scope} is not`)
    // A "*" that is only text today would grant more on the day that wildcards are turned on; elsewhere it grants nothing.
    if (!isGrantable(scope, { catalogue, wildcards }))
      throw invalidParameter('scopes', wildcards ? WILDCARDS : NO_WILDCARDS)
  }
}

/**
 * @param ceiling The issuer's scopes; `null` for no ceiling.
 * @throws TokenError `insufficient_scope` with the scopes above it
 */
export function checkCeiling(scopes: readonly string[], ceiling: readonly string[] | null, settings: Settings): void {
  if (ceiling === null) return
  checkCeilingShape(ceiling)
  const missing = missingScopes(ceiling, scopes, settings)
  if (missing.length > 0) throw notHeld('issuer', missing)
}

/** @throws TokenError `invalid_parameter` */
export function checkCeilingShape(ceiling: unknown): void {
  if (ceiling !== null && !Array.isArray(ceiling)) throw invalidParameter('scopeCeiling', 'a list of scopes, or null')
}

/** Scopes that cannot be granted, since the issuer or the token lacks them. */
export function notHeld(who: 'issuer' | 'token', scopes: readonly string[]): TokenError {
  return new TokenError('insufficient_scope', `the ${who} does not hold ${scopes.join(', ')}`, { scopes })
}
