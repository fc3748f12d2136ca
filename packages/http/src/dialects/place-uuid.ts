import { createHash } from 'node:crypto'
import type { Place } from '@tessera/core'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{12}$/i
const VERSION = 8n
const VARIANT = 2n

const ID_BITS = 54n
const CHECK_BITS = 17n
const LAST_INSTANT = 2 ** 48 - 1

/** Whether a text has the shape of a UUID, of any version and in either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/**
 * Packs a place by creation into a UUID (RFC 9562, version 8): 48 bits of the instant, 3 that say how the id is written, its
 * first 54 bits, and 17 by which it is known for one of the owner's. An id that begins with the instant itself, as version 7
 * does, is cut behind that. So rows of one millisecond stay apart unless their ids begin with the same 54 bits: random ids
 * never do.
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
  const isTimed = bits >> 80n === instant
  const form = (id === id.toLowerCase() ? 0n : 4n) | (isTimed ? 2n : 0n) | (hasVariant(id) ? 0n : 1n)
  const start = BigInt.asUintN(Number(ID_BITS), bits >> (128n - ID_BITS - (isTimed ? 48n : 0n)))
  const facts = (form << ID_BITS) | start
  const rest = (facts << CHECK_BITS) | checkOf(owner, instant, facts)
  const uuid = (instant << 80n) | (VERSION << 76n) | ((rest >> 62n) << 64n) | (VARIANT << 62n) | lowest(rest, 62n)
  return dashed(uuid)
}

/**
 * The place behind all ids that begin as the packed one: `null` for a UUID that is none of the owner's places, but for one in
 * 131,072 that look like one.
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

/** The last of the ids that begin with these bits and have the same form. */
function lastId(instant: bigint, form: bigint, start: bigint): string {
  const isTimed = (form & 2n) !== 0n
  const known = isTimed ? (instant << ID_BITS) | start : start
  const open = 128n - ID_BITS - (isTimed ? 48n : 0n)
  const last = ((known + 1n) << open) - 1n
  // The variant of RFC 9562 is the bits 10; behind it nothing is known.
  const isFree = isTimed || (form & 1n) !== 0n
  const id = dashed(isFree ? last : last & ~(1n << 62n))
  return (form & 4n) === 0n ? id : id.toUpperCase()
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
