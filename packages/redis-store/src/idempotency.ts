import { createHash } from 'node:crypto'
import type { Idempotency } from '@tessera/core'
import type { Argument } from './client.ts'
import type { OwnerKeys } from './keys.ts'

/** Enough for no two keys, and no two fingerprints under one key, to be taken for each other. */
const HASH_BYTES = 16

/** The last keys of a script that may be asked for under an idempotency key. */
export function requestKeys({ requests, expiries }: OwnerKeys, idempotency: Idempotency | null): string[] {
  return idempotency === null ? [] : [requests, expiries]
}

/** Its last arguments, likewise. Keys and fingerprints may be long, and are kept as hashes. */
export function requestArguments(idempotency: Idempotency | null, clockToleranceMs: number): Argument[] {
  if (idempotency === null) return []
  const { key, fingerprint, expiresAt, limit } = idempotency
  return [hashOf(key), hashOf(fingerprint), expiresAt, limit ?? '', clockToleranceMs]
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest().subarray(0, HASH_BYTES)
}
