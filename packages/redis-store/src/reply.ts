import type { TokenRecord } from '@tessera/core'
import { unpackDigest } from './packed-digest.ts'
import { readRecord } from './record-text.ts'

/** A script's reply that is a list; empty where it replied nothing. */
export function listOf(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : []
}

/** A text in a reply; empty where there is none. */
export function textOf(fact: unknown): string {
  return Buffer.isBuffer(fact) ? fact.toString() : ''
}

/** The record whose packed digest and text stand in a reply from `start`; `null` where there is none. */
export function recordAt(reply: readonly unknown[], start: number): TokenRecord | null {
  const [digest, text] = [reply[start], reply[start + 1]]
  return Buffer.isBuffer(digest) && Buffer.isBuffer(text) ? readRecord(text, unpackDigest(digest)) : null
}
