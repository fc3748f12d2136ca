import { neededIn } from './columns.ts'
import { LegacyRowError } from './system.ts'
import type { LegacyRow } from './system.ts'

/**
 * The digest of a column, in its encoding. A column of another kind, such as one of plain secrets, would never be found.
 *
 * @throws LegacyRowError for anything else
 */
export function digestIn(row: LegacyRow, name: string, { shape, what }: DigestShape): string {
  const digest = neededIn(row, name)
  if (!shape.test(digest)) throw new LegacyRowError(`${name} is no ${what}`)
  return digest
}

interface DigestShape {
  readonly shape: RegExp
  /** Completes "is no …". */
  readonly what: string
}

export const HEX_SHA256: DigestShape = { shape: /^[0-9a-f]{64}$/i, what: 'SHA-256 in hexadecimal' }
export const HEX_SHA512: DigestShape = { shape: /^[0-9a-f]{128}$/i, what: 'SHA-512 in hexadecimal' }
export const BASE64_SHA256: DigestShape = { shape: /^[A-Za-z0-9+/]{43}=$/, what: 'SHA-256 in base64' }
export const BASE64URL_SHA256: DigestShape = { shape: /^[\w-]{43}$/, what: 'SHA-256 in base64url' }
