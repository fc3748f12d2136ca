import { TokenError, invalidParameter } from './errors.ts'
import { isScope, missingScopes } from './scope.ts'
import { parseSecret } from './secret.ts'
import type { Settings } from './settings.ts'

const MOST = 100
const LIST = `a list of at most ${MOST} scopes`
const SCOPES = 'a list of scopes of 1 to 128 printable ASCII characters without space, " and \\'

/** @throws TokenError `invalid_parameter` for what cannot be issued to anybody */
export function checkIssuableScopes(scopes: unknown, { catalogue, wildcards }: Settings): void {
  if (!Array.isArray(scopes) || scopes.length > MOST) throw invalidParameter('scopes', LIST)
  for (const scope of scopes as readonly unknown[]) {
    if (typeof scope !== 'string' || !isScope(scope)) throw invalidParameter('scopes', SCOPES)
    if (catalogue?.has(scope) === false) throw invalidParameter('scopes', `taken from ${[...catalogue].join(', ')}`)
    // Scopes are told to whoever lacks them, and a secret is told to nobody.
    if (parseSecret(scope) !== null) throw invalidParameter('scopes', 'scopes, and not a secret')
    // A "*" that is only text today would grant more on the day that wildcards are turned on.
    if (!wildcards && scope.includes('*')) throw invalidParameter('scopes', 'free of *: wildcards are off')
  }
}

/**
 * @param ceiling The scopes of whoever issues; `null` for no ceiling.
 * @throws TokenError `insufficient_scope` that lists what is above it
 */
export function checkCeiling(scopes: readonly string[], ceiling: readonly string[] | null, settings: Settings): void {
  if (ceiling === null) return
  if (!Array.isArray(ceiling)) throw invalidParameter('scopeCeiling', 'a list of scopes, or null')
  const missing = missingScopes(ceiling, scopes, settings)
  if (missing.length === 0) return
  throw new TokenError('insufficient_scope', `the issuer does not hold ${missing.join(', ')}`, { scopes: missing })
}
