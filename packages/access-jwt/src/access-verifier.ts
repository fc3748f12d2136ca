import { checkOptions, clockRule, systemClock } from '@tessera/core'
import { isTamperProof } from '@tessera/http'
import type { JsonWebKeySet } from './keys/key-ring.ts'
import { keySource } from './keys/key-source.ts'
import { audienceRule, issuerRule, tokensRule, toleranceRule } from './options.ts'
import type { AccessToken } from './verify/access-token.ts'
import { checkingVerifier } from './verify/checking-verifier.ts'
import type { CheckingVerifier, Parents } from './verify/checking-verifier.ts'
import { createVerificationCounter } from './verify/verification-counter.ts'
import type { AccessStats } from './verify/verification-counter.ts'
import { verifyAccessToken } from './verify/verify-access-token.ts'
import type { AccessVerification, Expectations } from './verify/verify-access-token.ts'

export interface VerifierOptions {
  /** The signer: the `issuer` of `createAccessTokens`. */
  readonly issuer: string
  /** The required audience of access tokens: this API. */
  readonly audience: string
  /**
   * The issuer's key set, or its `https` URL; `http` on a loopback address only. Whoever can change the keys on their way
   * can sign. It is read on demand without following redirects, and kept for ten minutes.
   */
  readonly keys: JsonWebKeySet | URL
  /** How far the clocks of two machines may be apart. Default 5. */
  readonly clockToleranceSeconds?: number
  /** The clock, in epoch milliseconds. Default `() => Date.now()`. */
  readonly now?: () => number
}

export interface CheckingVerifierOptions extends VerifierOptions {
  /** The tokens behind the access tokens: each is verified by its id. */
  readonly parent: Parents
}

export interface OfflineVerifierOptions extends VerifierOptions {
  /**
   * Parents are not checked. **An access token is then accepted until it expires**, even if its parent was revoked,
   * suspended or narrowed meanwhile: at most for `lifetimeMs`.
   */
  readonly parent: 'unchecked'
}

export interface OfflineVerifier {
  /**
   * @throws StoreError if the key set could not be read; never for a bad token
   * @throws TypeError for options, such as scopes to ask for: compare `token.scopes`
   */
  verify(jwt: string | undefined): Promise<AccessVerification>
  /** The access token, as `verify` answers with it, or `null`: an answer of `verify` is true in an `if`, whatever it says. */
  authenticate(jwt: string | undefined): Promise<AccessToken | null>
  /** How many access tokens were accepted unchecked, and refused for which reason. */
  stats(): AccessStats
}

/**
 * Verifies access tokens by the issuer's public keys, without the private ones. With the tokens as `parent` it verifies
 * like `createAccessTokens`. With `'unchecked'` it needs no store, at the price stated there.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 */
export function createAccessVerifier(options: CheckingVerifierOptions): CheckingVerifier
export function createAccessVerifier(options: OfflineVerifierOptions): OfflineVerifier
export function createAccessVerifier(
  options: CheckingVerifierOptions | OfflineVerifierOptions,
): CheckingVerifier | OfflineVerifier {
  checkOptions('createAccessVerifier', options, {
    issuer: issuerRule,
    audience: audienceRule,
    keys: {
      right: 'a JWK Set, or its https URL without credentials (http on a loopback address only)',
      test: isKeySource,
      required: true,
    },
    parent: {
      right: 'what createTokens() returns, or "unchecked"',
      test: (value) => value === 'unchecked' || tokensRule.test(value),
      required: true,
    },
    clockToleranceSeconds: toleranceRule,
    now: clockRule,
  })
  const { issuer, audience, keys, parent, clockToleranceSeconds = 5, now = systemClock } = options
  const expectations = { issuer, audiences: [audience], findKey: keySource(keys, now), clockToleranceSeconds, now }
  if (parent !== 'unchecked') return checkingVerifier(expectations, parent)
  return offlineVerifier(expectations)
}

/** Nobody else sees the uses of an unchecked access token. */
function offlineVerifier(expectations: Expectations): OfflineVerifier {
  const { count, stats } = createVerificationCounter('unchecked', expectations.issuer)

  async function verify(jwt: string | undefined, ...more: readonly unknown[]): Promise<AccessVerification> {
    if (more.some((each) => each !== undefined)) throw noOptions()
    const signed = await verifyAccessToken(expectations, jwt)
    count(signed.ok ? null : signed.reason, signed.ok ? signed.token : null)
    return signed
  }

  return {
    verify,
    async authenticate(jwt: string | undefined, ...more: readonly unknown[]) {
      const signed = await verify(jwt, ...more)
      return signed.ok ? signed.token : null
    },
    stats,
  }
}

/** A scope that is asked for here would be asked for in vain. */
function noOptions(): TypeError {
  return new TypeError('an unchecked access token is verified without options: compare the scopes of the answer')
}

function isKeySource(value: unknown): boolean {
  if (value instanceof URL) return isTamperProof(value) && value.username === '' && value.password === ''
  return typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, 'keys'))
}
