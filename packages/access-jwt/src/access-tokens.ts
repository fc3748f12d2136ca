import type { Requirements, Token, Verification } from '@tessera/core'
import { checkParent } from './check-parent.ts'
import { exchangeToken } from './exchange-token.ts'
import type { ExchangeRequest, Exchanged } from './exchange-token.ts'
import type { JsonWebKeySet } from './key-ring.ts'
import { settingsOf } from './options.ts'
import type { AccessTokensOptions } from './options.ts'
import { verifyAccessToken } from './verify-access-token.ts'

/** The access tokens of one API: short-lived, signed, and dead as soon as the token that they were derived from is. */
export interface AccessTokens {
  /** {@link exchangeToken} */
  exchange(secret: string, request?: ExchangeRequest): Promise<Exchanged>
  /**
   * Decides whether an access token may be used now: its signature and claims, then the standing of its parent, in one
   * call of the store at most. The answer is the parent, narrowed to the access token's scopes and expiry.
   *
   * @throws StoreError when the store did not answer; never for a bad token
   */
  verify(jwt: string | undefined, requirements?: Requirements): Promise<Verification>
  /** As the tokens that these are derived from judge it. */
  permits(token: Pick<Token, 'scopes'>, requirements: Requirements): boolean
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
  const expectations = { issuer, audience, findKey, clockToleranceSeconds, now }

  async function verify(jwt: string | undefined, requirements: Requirements = {}): Promise<Verification> {
    const signed = await verifyAccessToken(expectations, jwt)
    return signed.ok ? checkParent(tokens, signed.token, requirements) : signed
  }

  return {
    exchange: (secret, request = {}) => exchangeToken(exchanging, secret, request),
    verify,
    permits: (token, requirements) => tokens.permits(token, requirements),
    keySet: () => ring.published(now()),
  }
}
