import { createHash } from 'node:crypto'

/** Enough for no two keys to be taken for each other. */
const HASH_BYTES = 16

/** The short name of an idempotency key, which may be long. */
export function fieldOf(key: string): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, HASH_BYTES)
}
