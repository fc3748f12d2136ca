import { TokenError } from './errors.ts'
import { changeToken } from './revoke-token.ts'
import type { Settings } from './settings.ts'
import type { ActedBy } from './token-event.ts'
import type { Token, TokenRecord } from './token.ts'

/**
 * Refuses a token until it is resumed. Suspending again answers with the first `suspendedAt`. It still counts as active
 * for the cap.
 *
 * @throws TokenError `token_not_found`, or `invalid_transition` for a revoked token
 */
export async function suspendToken(
  settings: Settings,
  owner: string,
  id: string,
  { by = null }: ActedBy,
): Promise<Token> {
  const suspend = async (now: number) => unlessRevoked(await settings.store.suspend(owner, id, now))
  return changeToken(settings, id, { type: 'suspended', by }, suspend)
}

/**
 * Accepts a suspended token again; a token that is not suspended stays as it is.
 *
 * @throws TokenError `token_not_found`, or `invalid_transition` for a revoked token
 */
export async function resumeToken(
  settings: Settings,
  owner: string,
  id: string,
  { by = null }: ActedBy,
): Promise<Token> {
  const resume = async (now: number) => unlessRevoked(await settings.store.resume(owner, id, now))
  return changeToken(settings, id, { type: 'resumed', by }, resume)
}

function unlessRevoked(record: TokenRecord | null): TokenRecord | null {
  if (record === null || record.revokedAt === null) return record
  throw new TokenError('invalid_transition', 'a revoked token can be neither suspended nor resumed')
}
