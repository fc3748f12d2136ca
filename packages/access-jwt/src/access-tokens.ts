import type { Authenticator } from '@tessera/http'
import { exchangeToken } from './exchange-token.ts'
import type { ExchangeRequest, Exchanged } from './exchange-token.ts'
import type { JsonWebKeySet } from './keys/key-ring.ts'
import { settingsOf } from './options.ts'
import type { AccessTokensOptions } from './options.ts'
import { checkingVerifier } from './verify/checking-verifier.ts'

/**
 * The access tokens of one API: short-lived, signed, and dead together with their parent token. `verify` answers with
 * the parent; see {@link checkingVerifier}.
 */
export interface AccessTokens extends Authenticator {
  /** {@link exchangeToken} */
  exchange(secret: string, request?: ExchangeRequest): Promise<Exchanged>
  /** The public keys for tokens signed here, now or soon. */
  keySet(): JsonWebKeySet
}

/**
 * Binds the verbs of access tokens to their parent tokens.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @example
 * const accessTokens = createAccessTokens({ tokens, issuer, audience, keys: [{ key: await generateAccessKey() }] })
 * const { jwt } = await accessTokens.exchange(secret, { scopes: ['jobs:read'] })
 * const verification = await accessTokens.verify(jwt)
 */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const settings = settingsOf(options)
  const { tokens, issuer, audience, otherAudiences, ring, lifetimeMs, clockToleranceSeconds, now } = settings
  const exchanging = { tokens, issuer, audiences: [audience, ...otherAudiences], ring, lifetimeMs, now } as const
  const findKey = (kid: string, alg: string) => ring.find(kid, alg, now())

  return {
    ...checkingVerifier({ issuer, audience, findKey, clockToleranceSeconds, now }, tokens),
    exchange: (secret, request = {}) => exchangeToken(exchanging, secret, request),
    keySet: () => ring.published(now()),
  }
}
