import { createHash } from 'node:crypto'
import type { Place } from '@tessera/core'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{12}$/i
const VERSION = 8n
const VARIANT = 2n

const ID_BITS = 54n
const CHECK_BITS = 17n
/** Of a time of version 7 from the instant: up to 32.7 s before and after it. */
const DISTANCE_BITS = 16
const LAST_INSTANT = 2 ** 48 - 1

/** Whether a text has the shape of a UUID, of any version and in either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/**
 * Packs a place by creation into a UUID (RFC 9562, version 8):
 *
 * - 48 bits of the instant;
 * - 3 bits for the notation of the id;
 * - 54 bits of the id: its first ones. Of version 7, the distance of its time from the instant and 38 bits after the time;
 * - 17 bits that mark it as one of the owner's.
 *
 * So rows of one millisecond stay apart unless these bits of their ids are the same. Those of random ids never are, and
 * those of version 7 neither, if their times lie within 32 s of the rows' creation.
 *
 * @throws TypeError for an id that is no UUID, or is in mixed case
 */
export function uuidOfPlace({ value, id }: Place, owner: string): string {
  if (!isUuid(id) || (id !== id.toLowerCase() && id !== id.toUpperCase()))
    throw new TypeError('the dialect needs UUIDs as token ids, each in one case')
  if (typeof value !== 'number' || !(value >= 0 && value <= LAST_INSTANT))
    throw new TypeError('the dialect goes on after a place by creation only')
  const instant = BigInt(value)
  const bits = BigInt(`0x${id.replaceAll('-', '')}`)
  const near = hasVariant(id) ? packNear(instant, bits) : null
  const form = (id === id.toLowerCase() ? 0n : 4n) | (near === null ? 0n : 2n) | (hasVariant(id) ? 0n : 1n)
  const start = near ?? bits >> (128n - ID_BITS)
  const facts = (form << ID_BITS) | start
  const rest = (facts << CHECK_BITS) | checkOf(owner, instant, facts)
  const uuid = (instant << 80n) | (VERSION << 76n) | ((rest >> 62n) << 64n) | (VARIANT << 62n) | lowest(rest, 62n)
  return dashed(uuid)
}

/**
 * The place behind all ids with the packed beginning; `null` for a UUID that is no place of the owner's. One in 131,072
 * foreign UUIDs looks like one.
 */
export function placeOfUuid(uuid: string, owner: string): Place | null {
  const bits = BigInt(`0x${uuid.replaceAll('-', '')}`)
  if (lowest(bits >> 76n, 4n) !== VERSION || lowest(bits >> 62n, 2n) !== VARIANT) return null
  const instant = bits >> 80n
  const rest = (lowest(bits >> 64n, 12n) << 62n) | lowest(bits, 62n)
  const facts = rest >> CHECK_BITS
  if (lowest(rest, CHECK_BITS) !== checkOf(owner, instant, facts)) return null
  const form = facts >> ID_BITS
  return { value: Number(instant), id: lastId(instant, form, lowest(facts, ID_BITS)) }
}

/** The last id with these bits and the same form. */
function lastId(instant: bigint, form: bigint, start: bigint): string {
  const last = (form & 2n) !== 0n ? lastNear(instant, start) : lastBehind(start, (form & 1n) === 0n)
  return (form & 4n) === 0n ? dashed(last) : dashed(last).toUpperCase()
}

/** The variant of RFC 9562 is the bits 10; behind it nothing is known. */
function lastBehind(start: bigint, hasVariant: boolean): bigint {
  const open = 128n - ID_BITS
  const last = ((start + 1n) << open) - 1n
  return hasVariant ? last & ~(1n << 62n) : last
}

/** `null` for an id of another version, or with a time that is not near. */
function packNear(instant: bigint, bits: bigint): bigint | null {
  const distance = (bits >> 80n) - instant
  if (lowest(bits >> 76n, 4n) !== 7n || BigInt.asIntN(DISTANCE_BITS, distance) !== distance) return null
  return (BigInt.asUintN(DISTANCE_BITS, distance) << 38n) | (lowest(bits >> 64n, 12n) << 26n) | lowest(bits >> 36n, 26n)
}

function lastNear(instant: bigint, packed: bigint): bigint {
  const time = instant + BigInt.asIntN(DISTANCE_BITS, packed >> 38n)
  const head = (time << 80n) | (7n << 76n) | (lowest(packed >> 26n, 12n) << 64n) | (VARIANT << 62n)
  return head | (((lowest(packed, 26n) + 1n) << 36n) - 1n)
}

function checkOf(owner: string, instant: bigint, facts: bigint): bigint {
  const text = JSON.stringify([owner, String(instant), String(facts)])
  const digest = createHash('sha256').update(text).digest()
  return BigInt(digest.readUInt32BE()) >> (32n - CHECK_BITS)
}

function hasVariant(id: string): boolean {
  return /^[89ab]$/i.test(UUID.exec(id)?.[1] ?? '')
}

function lowest(bits: bigint, count: bigint): bigint {
  return BigInt.asUintN(Number(count), bits)
}

function dashed(bits: bigint): string {
  return bits
    .toString(16)
    .padStart(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
