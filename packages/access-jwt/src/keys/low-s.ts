/** The order of the curve P-256 (SEC 2 §2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const HALF = 32

/**
 * Whether an ES256 signature, base64url of `r` and `s` (RFC 7518 §3.4), has an `s` of at most half the order. Whoever has
 * a signature can compute its twin with the order minus `s`, which verifies too. Only one of the two is low.
 */
export function hasLowS(signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64url')
  return bytes.length === 2 * HALF && sOf(bytes) <= ORDER / 2n
}

/** The twin of an ES256 signature. */
export function twinOf(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url')
  const twin = (ORDER - sOf(bytes)).toString(16).padStart(2 * HALF, '0')
  return Buffer.concat([bytes.subarray(0, HALF), Buffer.from(twin, 'hex')]).toString('base64url')
}

function sOf(signature: Buffer): bigint {
  return BigInt(`0x${signature.subarray(HALF).toString('hex')}`)
}
