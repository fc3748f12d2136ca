import { crc32 } from 'node:zlib'
import { BASE62, base62 } from './base62.ts'
import { randomString } from './random.ts'

const PREFIX = /^[a-z][a-z0-9_]{0,31}$/
const TAIL = /^[0-9A-Za-z]{48}$/
const BODY_LENGTH = 40
const CHECKSUM_LENGTH = 6
const LONGEST_READ = 512
const SHARDS = 1024
const FIRST_UNUSED_SHARD = base62(SHARDS, 2)

/** How many characters follow the separator: body, shard and checksum. */
export const TAIL_LENGTH = 48

/** What a well-formed secret says about itself. */
export interface ParsedSecret {
  readonly prefix: string
  /** Two base62 characters: the partition of the owner's records, see {@link shardOf}. */
  readonly shard: string
}

/** Whether `text` may stand before the secrets' first separator: a lower-case letter, then up to 31 of `[a-z0-9_]`. */
export function isPrefix(text: string): boolean {
  return PREFIX.test(text)
}

/**
 * The partition, one of 1,024, that all records of `owner` live in, as two base62 characters. Stable for ever: it is
 * part of every secret that was issued.
 */
export function shardOf(owner: string): string {
  return base62(crc32(owner) % SHARDS, 2)
}

/**
 * A new secret, `<prefix>_<body><shard><checksum>`: 40 random base62 characters (238 bits), the owner's shard, and the
 * CRC-32 of everything before it in base62.
 */
export function generateSecret(prefix: string, shard: string): string {
  const unsigned = `${prefix}_${randomString(BASE62, BODY_LENGTH)}${shard}`
  return unsigned + checksum(unsigned)
}

/**
 * Reads a secret by position from the right, since a prefix may hold underscores. Needs no store.
 *
 * @returns `null` when the length, the characters, the shard or the checksum show that it was never issued.
 */
export function parseSecret(secret: string): ParsedSecret | null {
  if (secret.length > LONGEST_READ) return null
  const separator = secret.length - TAIL_LENGTH - 1
  if (secret[separator] !== '_' || !TAIL.test(secret.slice(separator + 1))) return null
  const prefix = secret.slice(0, separator)
  if (!isPrefix(prefix)) return null
  const unsigned = secret.slice(0, -CHECKSUM_LENGTH)
  if (secret.slice(-CHECKSUM_LENGTH) !== checksum(unsigned)) return null
  const shard = unsigned.slice(-2)
  return shard < FIRST_UNUSED_SHARD ? { prefix, shard } : null
}

/**
 * Finds secrets of this prefix in logs and source code. It has no anchors, boundaries or look-around, so that every
 * scanner takes it and a secret in the middle of other text is found; `parseSecret` then tells real ones by checksum.
 */
export function secretPattern(prefix: string): RegExp {
  if (!isPrefix(prefix)) throw new TypeError('secretPattern: prefix must match [a-z][a-z0-9_]{0,31}')
  return new RegExp(`${prefix}_[0-9A-Za-z]{${TAIL_LENGTH}}`)
}

function checksum(unsigned: string): string {
  return base62(crc32(unsigned), CHECKSUM_LENGTH)
}
