import { hasMethods } from '@tessera/core'
import type { Tokens } from '@tessera/core'

/**
 * Authenticates requests: `Tokens`, or a wrapper that also accepts credentials of another kind. Without `noteRefusal`, later
 * refusals are neither counted nor announced.
 */
export type Authenticator<Scope extends string = string> = Pick<Tokens<Scope>, 'verify' | 'permits'> &
  Partial<Pick<Tokens, 'noteRefusal'>>

/** @throws TypeError if an adapter was given something that cannot authenticate */
export function checkAuthenticator(factory: string, authenticator: unknown): void {
  if (hasMethods(authenticator, ['verify', 'permits'])) return
  throw new TypeError(
    `${factory}: the first argument must be what createTokens() returns, or an Authenticator: verify and permits`,
  )
}
