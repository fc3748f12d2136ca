import type { Token } from '@tessera/core'
import { exchangeToken } from './exchange-token.ts'
import type { ExchangeRequest, Exchanged } from './exchange-token.ts'
import type { JsonWebKeySet } from './keys/key-ring.ts'
import { settingsOf } from './options.ts'
import type { AccessTokensOptions } from './options.ts'
import { checkingVerifier } from './verify/checking-verifier.ts'
import type { CheckingVerifier } from './verify/checking-verifier.ts'
import { verifyAccessToken } from './verify/verify-access-token.ts'

/** The access tokens of one API: short-lived, signed, and dead together with their parent token. */
export interface AccessTokens extends CheckingVerifier {
  /**
   * Issues a signed access token for a token's secret. It lives for `lifetimeMs`, and never longer than the token: not
   * beyond its expiry, nor beyond the overlap of a rotated one. The event `exchanged` reports it.
   *
   * @throws ExchangeError `invalid_target`, `invalid_request` for a token that is not active, `invalid_scope`
   * @throws StoreError if the store did not answer
   * @throws TypeError for an unknown or inherited name in the request
   */
  exchange(secret: string, request?: ExchangeRequest): Promise<Exchanged>
  /**
   * The parent of an access token signed here, for any of the audiences, and not expired; `null` for any other text. The
   * parent is not checked: it may be revoked. For the option `accessTokens` of `revocationHandler`.
   */
  parentOf(text: string): Promise<ParentToken | null>
  /** The public keys for tokens signed here, now or soon. */
  keySet(): JsonWebKeySet
}

/** The names of a parent token: they prove nothing. */
export type ParentToken = Pick<Token, 'owner' | 'id'>

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
  const audiences = [audience, ...otherAudiences] as const
  const exchanging = { tokens, issuer, audiences, ring, lifetimeMs, now } as const
  const findKey = (kid: string, alg: string) => ring.find(kid, alg, now())

  const expectations = { issuer, findKey, clockToleranceSeconds, now } as const

  async function parentOf(text: string): Promise<ParentToken | null> {
    const signed = await verifyAccessToken({ ...expectations, audiences }, text)
    return signed.ok ? { owner: signed.token.owner, id: signed.token.parent.id } : null
  }

  return {
    ...checkingVerifier({ ...expectations, audiences: [audience] }, tokens),
    parentOf,
    exchange: (secret, request = {}) => exchangeToken(exchanging, secret, request),
    keySet: () => ring.published(now()),
  }
}
