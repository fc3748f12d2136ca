import type { TokenRecord } from '@tessera/core'
import { unpackDigest } from './packed-digest.ts'
import { readRecord } from './record-text.ts'

const DIGITS = /^\d{1,15}$/

/**
 * The error for a reply of another kind, as of a client inside `MULTI` or of a proxy. It names the expected kind. The
 * reply itself may be a secret's digest, and must not reach logs.
 */
export function unexpectedReply(expected: string): Error {
  return new Error(`Redis did not answer with ${expected}`)
}

/** Nil, the reply of a script without a result. */
export function noneIn(reply: unknown): void {
  if (reply !== null) throw unexpectedReply('nil')
}

/** The reply as bytes. */
export function bytesIn(reply: unknown): Buffer {
  if (Buffer.isBuffer(reply)) return reply
  throw unexpectedReply('a text')
}

/** The reply as a text of the right form. */
export function textIn(reply: unknown, form?: RegExp): string {
  const text = bytesIn(reply).toString()
  if (form === undefined || form.test(text)) return text
  throw unexpectedReply('a text of the right form')
}

/** The reply as a count. A client with `stringNumbers` has it as text. */
export function countIn(reply: unknown): number {
  if (typeof reply === 'number' && Number.isSafeInteger(reply) && reply >= 0) return reply
  if (typeof reply === 'string' && DIGITS.test(reply)) return Number(reply)
  throw unexpectedReply('a count')
}

/** The reply as an instant in epoch milliseconds, written as text. */
export function instantIn(reply: unknown): number {
  return Number(textIn(reply, DIGITS))
}

/** The members of a list; of `length` members, if that is given. */
export function listIn(reply: unknown, length?: number): readonly unknown[] {
  if (Array.isArray(reply) && (length === undefined || reply.length === length)) return reply
  throw unexpectedReply(length === undefined ? 'a list' : `a list of ${length}`)
}

/** A list's members, so many at a time. */
export function groupsIn(list: readonly unknown[], size: number): readonly (readonly unknown[])[] {
  if (list.length % size !== 0) throw unexpectedReply(`a list of members that are ${size} each`)
  return Array.from({ length: list.length / size }, (_, index) => list.slice(index * size, (index + 1) * size))
}

/** The digest packed in a reply. */
export function digestIn(reply: unknown): string {
  return unpackDigest(bytesIn(reply))
}

/** The record of a text; `null` for nil. */
export function recordIn(reply: unknown, digest: string): TokenRecord | null {
  return reply === null ? null : readRecord(bytesIn(reply), digest)
}

/** The record of a packed digest and a text. */
export function recordOf([digest, text]: readonly unknown[]): TokenRecord {
  return readRecord(bytesIn(text), digestIn(digest))
}

/** The records of packed digests and texts, by turns. */
export function recordsIn(list: readonly unknown[]): TokenRecord[] {
  return groupsIn(list, 2).map(recordOf)
}
