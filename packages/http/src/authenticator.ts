import { hasMethods } from '@tessera/core'
import type { Tokens } from '@tessera/core'

/** Who tells whose credential a request carries: `Tokens`, or what takes credentials of another kind beside theirs. */
export type Authenticator = Pick<Tokens, 'verify' | 'permits'>

/** @throws TypeError when what an adapter was given cannot authenticate */
export function checkAuthenticator(factory: string, authenticator: unknown): void {
  if (hasMethods(authenticator, ['verify', 'permits'])) return
  throw new TypeError(
    `${factory}: the first argument must be what createTokens() returns, or an Authenticator: verify and permits`,
  )
}
