import { createHash } from 'node:crypto'
import type { Place } from '@tessera/core'
import type { ListRequest } from '../dialect.ts'

/** A list without its window: what a `next` is bound to. */
export type ListedTokens = Omit<ListRequest, 'window'>

/** Longer than the text of any place, and short enough to be looked at. */
const LONGEST = 400
const CHECK_BYTES = 12

/**
 * The opaque text for the place where the next page starts. It holds the place, and a digest of place, owner, order and
 * filters. The digest has no key: it finds slips, and a place selects only among the owner's own tokens.
 */
export function writeNext(place: Place, listed: ListedTokens, owner: string): string {
  const packed = Buffer.from(JSON.stringify([place.value, place.id]))
  return Buffer.concat([checkOf(packed, listed, owner), packed]).toString('base64url')
}

/** @returns `null` for any other text than one of {@link writeNext} for the same list of the same owner. */
export function readNext(text: string, listed: ListedTokens, owner: string): Place | null {
  if (text.length > LONGEST) return null
  const place = unpack(Buffer.from(text, 'base64url').subarray(CHECK_BYTES))
  return place !== null && writeNext(place, listed, owner) === text ? place : null
}

function unpack(packed: Buffer): Place | null {
  try {
    const [value, id]: readonly unknown[] = JSON.parse(packed.toString())
    const isValue = value === null || typeof value === 'number' || typeof value === 'string'
    return isValue && typeof id === 'string' ? { value, id } : null
  } catch {
    return null
  }
}

function checkOf(packed: Buffer, listed: ListedTokens, owner: string): Buffer {
  const { statuses, name, createdBy, issuedBy, scope } = listed
  const { createdAfter, createdBefore, usedAfter, unusedSince, expiresBefore } = listed
  const bound = [
    ...[owner, listed.sort.by, listed.sort.direction],
    ...[statuses, name, createdBy, issuedBy, scope],
    ...[createdAfter, createdBefore, usedAfter, unusedSince, expiresBefore],
  ]
  return createHash('sha256').update(JSON.stringify(bound)).update(packed).digest().subarray(0, CHECK_BYTES)
}
