import type { Authenticator } from '@tessera/http'
import { checkingVerifier } from './checking-verifier.ts'
import { exchangeToken } from './exchange-token.ts'
import type { ExchangeRequest, Exchanged } from './exchange-token.ts'
import type { JsonWebKeySet } from './key-ring.ts'
import { settingsOf } from './options.ts'
import type { AccessTokensOptions } from './options.ts'

/**
 * The access tokens of one API: short-lived, signed, and dead as soon as the token that they were derived from is.
 * `verify` answers with that token; see {@link checkingVerifier}.
 */
export interface AccessTokens extends Authenticator {
  /** {@link exchangeToken} */
  exchange(secret: string, request?: ExchangeRequest): Promise<Exchanged>
  /** The public keys that verify what was signed here, or is about to be. */
  keySet(): JsonWebKeySet
}

/**
 * Binds the verbs of access tokens to the tokens that they are derived from.
 *
 * @throws TypeError that names the option that is unknown or wrong
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
