import { createBoundedMap } from './bounded-map.ts'
import type { TokenRecord } from './token.ts'

const MOST_KEPT = 100_000

/** Tells first uses from later ones for as long as the store does not: it learns of a use late, and a cache later still. */
export interface FirstUses {
  /** Whether the token, which is being used, never was before, as far as the record and this process know. */
  add(record: TokenRecord): boolean
}

/** Keeps the last {@link MOST_KEPT} tokens; the record of one used longer ago says that it was. */
export function createFirstUses(): FirstUses {
  const kept = createBoundedMap<true>(MOST_KEPT)
  return {
    add({ owner, id, lastUsedAt }) {
      if (lastUsedAt !== null) return false
      // Not the digest, which changes with the pepper. An owner holds no control character.
      const key = `${owner}\n${id}`
      if (kept.has(key)) return false
      kept.add(key, true)
      return true
    },
  }
}
