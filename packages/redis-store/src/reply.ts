import type { TokenRecord } from '@tessera/core'
import { unpackDigest } from './packed-digest.ts'
import { readRecord } from './record-text.ts'

const DIGITS = /^\d{1,15}$/
const DIGESTS_IN_HEX = /^(?:(?:[0-9a-f]{2})+ )*$/

/**
 * The error for a reply of another kind, as of a client inside `MULTI` or of a proxy. It says what was expected. What came
 * may be a secret's digest, and is not for logs.
 */
export function unexpectedReply(expected: string): Error {
  return new Error(`Redis did not answer with ${expected}`)
}

/** Nil, which a script replies that has nothing to say. */
export function noneIn(reply: unknown): void {
  if (reply !== null) throw unexpectedReply('nil')
}

/** The bytes that a reply is. */
function bytesIn(reply: unknown): Buffer {
  if (Buffer.isBuffer(reply)) return reply
  throw unexpectedReply('a text')
}

/** The text that a reply is, if it has the right form. */
export function textIn(reply: unknown, form?: RegExp): string {
  const text = bytesIn(reply).toString()
  if (form === undefined || form.test(text)) return text
  throw unexpectedReply('a text of the right form')
}

/** The count that a reply is. A client with `stringNumbers` has it as text. */
export function countIn(reply: unknown): number {
  if (typeof reply === 'number' && Number.isSafeInteger(reply) && reply >= 0) return reply
  if (typeof reply === 'string' && DIGITS.test(reply)) return Number(reply)
  throw unexpectedReply('a count')
}

/** The members of a reply that is a list, of so many members if `length` says so. */
export function listIn(reply: unknown, length?: number): readonly unknown[] {
  if (Array.isArray(reply) && (length === undefined || reply.length === length)) return reply
  throw unexpectedReply(length === undefined ? 'a list' : `a list of ${length}`)
}

/** A list's members, so many at a time. */
export function groupsIn(list: readonly unknown[], size: number): readonly (readonly unknown[])[] {
  if (list.length % size !== 0) throw unexpectedReply(`a list of members that are ${size} each`)
  return Array.from({ length: list.length / size }, (_, index) => list.slice(index * size, (index + 1) * size))
}

/** Packed digests in hex, each with a space behind it. */
export function hexDigestsIn(reply: unknown): string {
  return textIn(reply, DIGESTS_IN_HEX)
}

/** A digest that a reply has packed. */
export function digestIn(reply: unknown): string {
  return unpackDigest(bytesIn(reply))
}

/** The record whose text a reply is; `null` if it is nil. */
export function recordIn(reply: unknown, digest: string): TokenRecord | null {
  return reply === null ? null : readRecord(bytesIn(reply), digest)
}

/** The record whose packed digest and text are given. */
export function recordOf([digest, text]: readonly unknown[]): TokenRecord {
  return readRecord(bytesIn(text), digestIn(digest))
}

/** The records whose packed digests and texts follow each other. */
export function recordsIn(list: readonly unknown[]): TokenRecord[] {
  return groupsIn(list, 2).map(recordOf)
}
