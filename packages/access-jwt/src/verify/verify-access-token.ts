import { errors, jwtVerify } from 'jose'
import type { CryptoKey, KeyObject } from 'jose'
import { ALGORITHMS } from '../keys/access-key.ts'
import { hasLowS } from '../keys/low-s.ts'
import { readClaims } from './access-token.ts'
import type { AccessToken } from './access-token.ts'
import { isCompactForm } from './compact-form.ts'

/** Finds the key named by a token among the trusted keys. Nothing else in its header has a say. */
export type KeyFinder = (kid: string, alg: string) => KeyObject | CryptoKey | null | Promise<CryptoKey | null>

/** The required signer of a token, and its possible audiences. */
export interface Expectations {
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly findKey: KeyFinder
  readonly clockToleranceSeconds: number
  readonly now: () => number
}

export type AccessVerification =
  | { readonly ok: true; readonly token: AccessToken }
  | { readonly ok: false; readonly reason: 'missing' | 'malformed' | 'unknown' | 'expired' }

/**
 * Decides whether a text is an access token, signed for here and not expired.
 *
 * Checks in this order and stops at the first failure: length and form, algorithm, key, signature; then type, issuer,
 * audience, times and the other claims. A failure before the claims is `malformed`. Of the claims, a passed expiry is
 * `expired`, and all else `unknown`.
 *
 * One signature has one accepted text: canonical base64url, and for ES256 the lower of the two possible `s`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-4 and https://www.rfc-editor.org/rfc/rfc8725#section-3
 */
export async function verifyAccessToken(
  { issuer, audiences, findKey, clockToleranceSeconds, now }: Expectations,
  jwt: string | undefined,
): Promise<AccessVerification> {
  if (jwt === undefined) return { ok: false, reason: 'missing' }
  if (!isCompactForm(jwt)) return { ok: false, reason: 'malformed' }
  const at = now()
  try {
    const { payload } = await jwtVerify(jwt, ({ kid, alg }, { signature }) => keyOf(findKey, kid, alg, signature), {
      algorithms: [...ALGORITHMS],
      typ: 'at+jwt',
      issuer,
      audience: [...audiences],
      requiredClaims: ['exp'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(at),
    })
    const token = readClaims(payload)
    const isIssued = token !== null && token.issuedAt.getTime() <= at + clockToleranceSeconds * 1_000
    return isIssued ? { ok: true, token } : { ok: false, reason: 'unknown' }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  }
}

async function keyOf(
  findKey: KeyFinder,
  kid: string | undefined,
  alg: string,
  signature: string,
): Promise<KeyObject | CryptoKey> {
  if (alg === 'ES256' && !hasLowS(signature)) throw new errors.JWSSignatureVerificationFailed()
  const key = typeof kid === 'string' ? await findKey(kid, alg) : null
  if (key === null) throw new errors.JWKSNoMatchingKey()
  return key
}

/** @throws the failure itself if it is not the token's */
function reasonOf(error: unknown): 'malformed' | 'unknown' | 'expired' {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWTClaimValidationFailed) return 'unknown'
  if (error instanceof errors.JOSEError) return 'malformed'
  throw error
}
