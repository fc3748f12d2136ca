import { StoreError, checkOptions, clockRule } from '@tessera/core'
import { createLocalJWKSet, createRemoteJWKSet, errors } from 'jose'
import type { CryptoKey, JSONWebKeySet, LocalJWKSet, RemoteJWKSet } from 'jose'
import type { JsonWebKeySet } from './key-ring.ts'
import { audienceRule, issuerRule, toleranceRule } from './options.ts'
import { verifyAccessToken } from './verify-access-token.ts'
import type { AccessVerification } from './verify-access-token.ts'

export interface OfflineVerifierOptions {
  /** Who signs: the `issuer` of `createAccessTokens`. */
  readonly issuer: string
  /** Whom access tokens must be for: this API. */
  readonly audience: string
  /** The key set of the issuer, or the URL of it, which is read when it is needed and kept for ten minutes. */
  readonly keys: JsonWebKeySet | URL
  /**
   * Says that parents are not asked for. **An access token is then accepted until it expires**, also when its parent was
   * revoked, suspended or narrowed meanwhile: `lifetimeMs` is how long that lasts at the most.
   */
  readonly parent: 'unchecked'
  /** How far the clocks of two machines may be apart. Default 5. */
  readonly clockToleranceSeconds?: number
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number
}

export interface OfflineVerifier {
  /** @throws StoreError when the key set could not be read; never for a bad token */
  verify(jwt: string | undefined): Promise<AccessVerification>
}

/**
 * Verifies access tokens where the tokens are out of reach, by the issuer's public keys alone. See the option `parent`
 * for what that gives up.
 *
 * @throws TypeError that names the option that is unknown or wrong
 */
export function createOfflineVerifier(options: OfflineVerifierOptions): OfflineVerifier {
  checkOptions('createOfflineVerifier', options, {
    issuer: issuerRule,
    audience: audienceRule,
    keys: { right: 'a JWK Set, or the http or https URL of one', test: isKeySource, required: true },
    parent: { right: '"unchecked"', test: (value) => value === 'unchecked', required: true },
    clockToleranceSeconds: toleranceRule,
    now: clockRule,
  })
  const { issuer, audience, keys, clockToleranceSeconds = 5, now = Date.now } = options
  const keySet = keys instanceof URL ? createRemoteJWKSet(keys) : createLocalJWKSet(keys as JSONWebKeySet)
  const findKey = (kid: string, alg: string) => findIn(keySet, kid, alg)
  return { verify: (jwt) => verifyAccessToken({ issuer, audience, findKey, clockToleranceSeconds, now }, jwt) }
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
