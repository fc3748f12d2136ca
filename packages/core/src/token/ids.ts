import { randomUUID } from 'node:crypto'
import { randomString } from './secret/random.ts'

/**
 * Makes and recognizes the public ids of tokens. Every id is checked before it reaches the store, so `matches` must
 * accept every id made by `generate`. Let it accept nothing that could be a secret.
 */
export interface IdFormat {
  /** A new id for a token created at `at`, in epoch milliseconds. */
  generate(at: number): string
  matches(id: string): boolean
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const LETTERS_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz'
const CROCKFORD_ID = /^[0-9a-hjkmnp-tv-z]{32}$/

/** Random UUIDs (RFC 9562 version 4), lower-case. */
export const uuidIds: IdFormat = {
  generate: () => randomUUID(),
  matches: (id) => UUID.test(id),
}

/** `<prefix>_` and 24 random characters of `[a-z0-9]`, e.g. `tok_a1b2c3d4e5f6g7h8i9j0k1l2` (124 bits). */
export function prefixedIds(prefix: string): IdFormat {
  if (!/^[a-z][a-z0-9]{0,31}$/.test(prefix)) throw new TypeError('prefixedIds: prefix must match [a-z][a-z0-9]{0,31}')
  const shape = new RegExp(`^${prefix}_[a-z0-9]{24}$`)
  return {
    generate: () => `${prefix}_${randomString(LETTERS_AND_DIGITS, 24)}`,
    matches: (id) => shape.test(id),
  }
}

/**
 * 32 lower-case Crockford base32 characters: the creation time in milliseconds in the first 10, then 110 random bits.
 * Sorting by id is sorting by creation.
 */
export const timeOrderedIds: IdFormat = {
  generate: (at) => crockford(at, 10) + randomString(CROCKFORD, 22),
  matches: (id) => CROCKFORD_ID.test(id),
}

function crockford(value: number, width: number): string {
  let digits = ''
  for (let rest = value; digits.length < width; rest = Math.floor(rest / 32)) digits = CROCKFORD[rest % 32] + digits
  return digits
}
