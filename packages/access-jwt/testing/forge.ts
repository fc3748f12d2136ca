import { SignJWT, decodeJwt, decodeProtectedHeader, importJWK } from 'jose'
import type { CryptoKey, JWTHeaderParameters, KeyObject } from 'jose'
import { KEY } from './open-access.ts'

export interface Forgery {
  /** `undefined` leaves a member out. */
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
}

/** A JWT like the given one but for some of its header and claims, signed with the key of the access tokens. */
export async function forge(
  jwt: string,
  { header = {}, claims = {} }: Forgery,
  key?: CryptoKey | KeyObject | Uint8Array,
): Promise<string> {
  const protectedHeader = defined({ ...decodeProtectedHeader(jwt), ...header }) as JWTHeaderParameters
  const signer = new SignJWT(defined({ ...decodeJwt(jwt), ...claims })).setProtectedHeader(protectedHeader)
  const crit = Object.fromEntries((protectedHeader.crit ?? []).map((name) => [name, true]))
  return signer.sign(key ?? (await importJWK({ ...KEY })), { crit })
}

/** A part of a JWT. */
export function encode(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url')
}

/** Without what is to be left out. */
function defined(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
