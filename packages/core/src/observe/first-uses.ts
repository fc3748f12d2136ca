import type { TokenRecord } from '../token/token.ts'
import { createBoundedMap } from './bounded-map.ts'

const MOST_KEPT = 100_000

/** Knows first uses from later ones until the store does: it learns of a use late, and a cache later still. */
export interface FirstUses {
  /** Whether this is the token's first use, as far as the record and this process know. */
  add(record: TokenRecord): boolean
}

/** Keeps the last {@link MOST_KEPT} tokens. A token used longer ago has a last use in its record. */
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
