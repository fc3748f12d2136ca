import { StoreError, checkOptions, clockRule } from '@tessera/core'
import type { Authenticator } from '@tessera/http'
import { createLocalJWKSet, createRemoteJWKSet, errors } from 'jose'
import type { CryptoKey, JSONWebKeySet, LocalJWKSet, RemoteJWKSet } from 'jose'
import { checkingVerifier } from './checking-verifier.ts'
import type { Parents } from './checking-verifier.ts'
import type { JsonWebKeySet } from './key-ring.ts'
import { audienceRule, issuerRule, tokensRule, toleranceRule } from './options.ts'
import { verifyAccessToken } from './verify-access-token.ts'
import type { AccessVerification } from './verify-access-token.ts'

export interface VerifierOptions {
  /** Who signs: the `issuer` of `createAccessTokens`. */
  readonly issuer: string
  /** Whom access tokens must be for: this API. */
  readonly audience: string
  /** The key set of the issuer, or the URL of it, which is read when it is needed and kept for ten minutes. */
  readonly keys: JsonWebKeySet | URL
  /** How far the clocks of two machines may be apart. Default 5. */
  readonly clockToleranceSeconds?: number
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number
}

export interface CheckingVerifierOptions extends VerifierOptions {
  /** The tokens that access tokens are derived from: each is asked for its standing. */
  readonly parent: Parents
}

export interface OfflineVerifierOptions extends VerifierOptions {
  /**
   * Says that parents are not asked for. **An access token is then accepted until it expires**, also when its parent was
   * revoked, suspended or narrowed meanwhile: `lifetimeMs` is how long that lasts at the most.
   */
  readonly parent: 'unchecked'
}

export interface OfflineVerifier {
  /** @throws StoreError when the key set could not be read; never for a bad token */
  verify(jwt: string | undefined): Promise<AccessVerification>
}

/**
 * Verifies access tokens by the issuer's public keys, where the private ones are not needed. With the tokens as `parent` it
 * verifies as `createAccessTokens` does; with `'unchecked'` it needs no store, and gives up what that option says.
 *
 * @throws TypeError that names the option that is unknown or wrong
 */
export function createAccessVerifier(options: CheckingVerifierOptions): Authenticator
export function createAccessVerifier(options: OfflineVerifierOptions): OfflineVerifier
export function createAccessVerifier(
  options: CheckingVerifierOptions | OfflineVerifierOptions,
): Authenticator | OfflineVerifier {
  checkOptions('createAccessVerifier', options, {
    issuer: issuerRule,
    audience: audienceRule,
    keys: { right: 'a JWK Set, or the http or https URL of one', test: isKeySource, required: true },
    parent: {
      right: 'what createTokens() returns, or "unchecked"',
      test: (value) => value === 'unchecked' || tokensRule.test(value),
      required: true,
    },
    clockToleranceSeconds: toleranceRule,
    now: clockRule,
  })
  const { issuer, audience, keys, parent, clockToleranceSeconds = 5, now = Date.now } = options
  const keySet = keys instanceof URL ? createRemoteJWKSet(keys) : createLocalJWKSet(keys as JSONWebKeySet)
  const findKey = (kid: string, alg: string) => findIn(keySet, kid, alg)
  const expectations = { issuer, audience, findKey, clockToleranceSeconds, now }
  if (parent !== 'unchecked') return checkingVerifier(expectations, parent)
  return { verify: (jwt: string | undefined) => verifyAccessToken(expectations, jwt) }
}

async function findIn(keySet: LocalJWKSet | RemoteJWKSet, kid: string, alg: string): Promise<CryptoKey | null> {
  try {
    return await keySet({ kid, alg })
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return null
    throw new StoreError('read the key set of the issuer', error)
  }
}

function isKeySource(value: unknown): boolean {
  if (value instanceof URL) return value.protocol === 'https:' || value.protocol === 'http:'
  return typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, 'keys'))
}
