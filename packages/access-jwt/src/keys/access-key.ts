import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { JsonWebKey, KeyObject } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'
import { thumbprint } from './thumbprint.ts'

/** How access tokens are signed. `EdDSA` is Ed25519. */
export type Algorithm = 'EdDSA' | 'ES256' | 'RS256'

/** A private key as a JWK (RFC 7517). Keep it as you keep a password. */
export interface AccessKey extends JsonWebKey {
  readonly alg: Algorithm
}

/** The public part of a key, as it is published. */
export interface PublicAccessKey extends JsonWebKey {
  readonly alg: Algorithm
  /** The thumbprint of RFC 7638. */
  readonly kid: string
  readonly use: 'sig'
}

/** A key, read and ready for use. */
export interface LoadedKey {
  readonly published: PublicAccessKey
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export const ALGORITHMS: readonly Algorithm[] = ['EdDSA', 'ES256', 'RS256']

const SHORTEST_RSA = 2048

/** The public members of a key, by its type: RFC 7518 §6 and RFC 8037 §2. */
const PUBLIC_MEMBERS: Readonly<Record<Algorithm, readonly (keyof JsonWebKey)[]>> = {
  EdDSA: ['kty', 'crv', 'x'],
  ES256: ['kty', 'crv', 'x', 'y'],
  RS256: ['kty', 'n', 'e'],
}

/** Makes a new key, as plain JSON. Keep it with the app's secrets. RSA keys have 2,048 bits. */
export async function generateAccessKey(alg: Algorithm = 'EdDSA'): Promise<AccessKey> {
  if (!ALGORITHMS.includes(alg)) throw new TypeError(`generateAccessKey: alg must be one of ${ALGORITHMS.join(', ')}`)
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...((await exportJWK(privateKey)) as JsonWebKey), alg }
}

/**
 * Reads a private key. Its `kid` is always its thumbprint, whatever its own name.
 *
 * @returns `null` for anything but a private key of one of the algorithms, and for a short one. It is never quoted: it
 *   is a secret.
 */
export function loadAccessKey(key: unknown): LoadedKey | null {
  if (typeof key !== 'object' || key === null) return null
  const jwk = key as AccessKey
  const members = ALGORITHMS.includes(jwk.alg) ? PUBLIC_MEMBERS[jwk.alg] : []
  const bare = Object.fromEntries(members.map((name) => [name, jwk[name]]))
  try {
    const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
    const publicKey = createPublicKey({ key: bare, format: 'jwk' })
    if (!isFitFor(jwk.alg, privateKey) || !createPublicKey(privateKey).equals(publicKey)) return null
    return { published: { ...bare, alg: jwk.alg, kid: thumbprint(bare), use: 'sig' }, privateKey, publicKey }
  } catch {
    return null
  }
}

function isFitFor(alg: Algorithm, { asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  switch (alg) {
    case 'EdDSA':
      return type === 'ed25519'
    case 'ES256':
      return type === 'ec' && details?.namedCurve === 'prime256v1'
    case 'RS256':
      return type === 'rsa' && (details?.modulusLength ?? 0) >= SHORTEST_RSA
  }
}
