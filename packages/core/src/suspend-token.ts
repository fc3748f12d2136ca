import { TokenError } from './errors.ts'
import { changeToken } from './revoke-token.ts'
import type { Settings } from './settings.ts'
import type { Token } from './token.ts'

/**
 * Refuses a token until it is resumed. Suspending again answers with the first `suspendedAt`. It still counts as active
 * for the cap.
 *
 * @throws TokenError `token_not_found`, or `invalid_transition` for a revoked token
 */
export async function suspendToken(settings: Settings, owner: string, id: string): Promise<Token> {
  return unlessRevoked(await changeToken(settings, id, (now) => settings.store.suspend(owner, id, now)))
}

/**
 * Accepts a suspended token again; a token that is not suspended stays as it is.
 *
 * @throws TokenError `token_not_found`, or `invalid_transition` for a revoked token
 */
export async function resumeToken(settings: Settings, owner: string, id: string): Promise<Token> {
  return unlessRevoked(await changeToken(settings, id, (now) => settings.store.resume(owner, id, now)))
}

function unlessRevoked(token: Token): Token {
  if (token.revokedAt === null) return token
  throw new TokenError('invalid_transition', 'a revoked token can be neither suspended nor resumed')
}
