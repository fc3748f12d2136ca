import { BASE62, base62, isBase62, readBase62 } from './base62.ts'
import { crc32 } from './crc32.ts'
import { flatCopy } from './flat-copy.ts'
import { randomString } from './random.ts'

const PREFIX = /^[a-z][a-z0-9_]{0,31}$/
const BODY_LENGTH = 40
const SEPARATOR = 95 // _
const CHECKSUM_LENGTH = 6
const SHARDS = 1024
const FIRST_UNUSED_SHARD = base62(SHARDS, 2)

/** How many characters follow the separator: body, shard and checksum. */
export const TAIL_LENGTH = 48

const LONGEST_PREFIX = 32
const LONGEST_SECRET = LONGEST_PREFIX + 1 + TAIL_LENGTH

/**
 * The buffer for reading secrets byte by byte: as text it takes three times as long. No character takes more than three
 * bytes.
 */
const ascii = Buffer.alloc(3 * LONGEST_SECRET)

/** The parts of a well-formed secret. */
export interface ParsedSecret {
  readonly prefix: string
  /** Two base62 characters: the partition of the owner's records, see {@link shardOf}. */
  readonly shard: string
}

/** The prefixes of an API's secrets. */
export interface Prefixes {
  /** The prefix of new secrets. */
  readonly prefix: string
  readonly retiredPrefixes: readonly string[]
}

/** Whether `text` may stand before the secrets' first separator: a lower-case letter, then up to 31 of `[a-z0-9_]`. */
export function isPrefix(text: string): boolean {
  return PREFIX.test(text)
}

/**
 * The partition of all records of `owner`, one of 1,024, as two base62 characters. Stable for ever: it is part of every
 * issued secret.
 */
export function shardOf(owner: string): string {
  return base62(crc32(Buffer.from(owner)) % SHARDS, 2)
}

/**
 * A new secret, `<prefix>_<body><shard><checksum>`: 40 random base62 characters (238 bits), the owner's shard, and the
 * CRC-32 of everything before it in base62.
 */
export function generateSecret(prefix: string, shard: string): string {
  const unsigned = `${prefix}_${randomString(BASE62, BODY_LENGTH)}${shard}`
  return unsigned + base62(crc32(Buffer.from(unsigned)), CHECKSUM_LENGTH)
}

/**
 * Reads a secret by position from the right, since a prefix may hold underscores. Needs no store.
 *
 * @returns `null` if the length, the characters, the shard or the checksum show that it was never issued.
 */
export function parseSecret(secret: string): ParsedSecret | null {
  if (secret.length > LONGEST_SECRET) return null
  const prefix = flatCopy(secret.slice(0, -TAIL_LENGTH - 1))
  const shard = isPrefix(prefix) ? shardUnder(secret, prefix) : null
  return shard === null ? null : { prefix, shard }
}

/** Whether a text is as long as the secrets of an API, so reading it takes bounded time. */
export function hasLength(secret: string, { prefix, retiredPrefixes }: Prefixes): boolean {
  return isLongAs(secret, prefix) || retiredPrefixes.some((retired) => isLongAs(secret, retired))
}

/** The shard in a secret of an API; `null` for another prefix, and for any text refused by {@link parseSecret}. */
export function shardIn(secret: string, { prefix, retiredPrefixes }: Prefixes): string | null {
  if (retiredPrefixes.length === 0) return shardUnder(secret, prefix)
  const begins = (each: string) => isLongAs(secret, each) && secret.startsWith(each)
  return shardUnder(secret, retiredPrefixes.find(begins) ?? prefix)
}

function isLongAs(secret: string, prefix: string): boolean {
  return secret.length === prefix.length + 1 + TAIL_LENGTH
}

function shardUnder(secret: string, prefix: string): string | null {
  if (!isLongAs(secret, prefix) || !isAscii(secret)) return null
  const start = prefix.length + 1
  const checksumStart = secret.length - CHECKSUM_LENGTH
  if (ascii[prefix.length] !== SEPARATOR || !secret.startsWith(prefix)) return null
  if (readBase62(ascii, checksumStart, secret.length) !== crc32(ascii, checksumStart)) return null
  if (!isBase62(ascii, start, checksumStart)) return null
  const shard = secret.slice(checksumStart - 2, checksumStart)
  return shard < FIRST_UNUSED_SHARD ? shard : null
}

/** Whether the last six characters of a text with the shape of a secret are the checksum of those before them. */
export function hasChecksum(secret: string): boolean {
  const start = secret.length - CHECKSUM_LENGTH
  return isAscii(secret) && readBase62(ascii, start, secret.length) === crc32(ascii, start)
}

/** Whether a text no longer than a secret has nothing but ASCII characters; then `ascii` holds them. */
function isAscii(text: string): boolean {
  return ascii.write(text) === text.length
}

/**
 * The first fault in a text's shape, compared with the secrets of an API; `null` if there is none. The checksum is
 * another matter.
 */
export function shapeFault(text: string, { prefix, retiredPrefixes }: Prefixes): string | null {
  const prefixes = [prefix, ...retiredPrefixes]
  const begun = prefixes.filter((each) => text.startsWith(`${each}_`))
  const lengths = (begun.length === 0 ? prefixes : begun).map((each) => each.length + 1 + TAIL_LENGTH)
  if (!lengths.includes(text.length)) return `${text.length} characters long instead of ${anyOf(lengths)}`
  const own = begun.find((each) => isLongAs(text, each))
  if (own === undefined) return `does not start with ${anyOf(prefixes.map((each) => `${each}_`))}`
  if (!isAscii(text) || !isBase62(ascii, own.length + 1, text.length))
    return 'holds a character that is not one of 0-9A-Za-z'
  return text.slice(-8, -CHECKSUM_LENGTH) < FIRST_UNUSED_SHARD ? null : 'names a partition that there is not'
}

function anyOf(values: readonly (string | number)[]): string {
  return [...new Set(values)].join(' or ')
}

/** Body, shard and checksum. No owner has a shard from `GW` on, and no checksum begins with more than `4`. */
const TAIL = '[0-9A-Za-z]{40}(?:[0-9A-F][0-9A-Za-z]|G[0-9A-V])[0-4][0-9A-Za-z]{5}'

/**
 * Finds secrets of these prefixes in logs and source code. It has no anchors, boundaries or look-around, so that every
 * scanner takes it and a secret in the middle of other text is found; `parseSecret` then finds the real ones by checksum.
 * Of random texts with the prefix and the length of a secret it passes over 98 in 100.
 *
 * @throws TypeError for a prefix that no secret has
 */
export function secretPattern(prefix: string, ...retiredPrefixes: readonly string[]): RegExp {
  const prefixes = [prefix, ...retiredPrefixes]
  if (!prefixes.every(isPrefix)) throw new TypeError('secretPattern: prefix must match [a-z][a-z0-9_]{0,31}')
  const start = retiredPrefixes.length === 0 ? prefix : `(?:${prefixes.join('|')})`
  return new RegExp(`${start}_${TAIL}`)
}
