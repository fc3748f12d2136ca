import { hasMethods } from '@tessera/core'
import type { MaybeLater, Tokens, Verification, VerifyOptions } from '@tessera/core'

/**
 * Authenticates requests: `Tokens`, or a wrapper that also accepts credentials of another kind. Without `noteRefusal`, later
 * refusals are neither counted nor announced. `verifyNow` saves waiting, and is asked only if it answers for this `verify`.
 * Without `watch`, no connection can be watched.
 */
export type Authenticator<Scope extends string = string> = Pick<Tokens<Scope>, 'verify' | 'permits'> &
  Partial<Pick<Tokens<Scope>, 'noteRefusal' | 'verifyNow' | 'watch'>>

/** Verifies in this turn if the authenticator can. One that wraps `verify` alone is asked by that. */
export function verifyNow(
  tokens: Pick<Authenticator, 'verify' | 'verifyNow'>,
  secret: string | undefined,
  options?: VerifyOptions,
): MaybeLater<Verification> {
  if (tokens.verifyNow?.answersFor !== tokens.verify) return tokens.verify(secret, options)
  return tokens.verifyNow(secret, options)
}

/** @throws TypeError if an adapter was given something that cannot authenticate */
export function checkAuthenticator(factory: string, authenticator: unknown): void {
  if (hasMethods(authenticator, ['verify', 'permits'])) return
  throw new TypeError(
    `${factory}: the first argument must be what createTokens() returns, or an Authenticator: verify and permits`,
  )
}
