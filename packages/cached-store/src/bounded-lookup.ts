import { cachedLookup } from './lookup.ts'
import type { Lookup, LookupParts } from './lookup.ts'

/**
 * Finds records that are at most as old as `records` keeps them, which is all the promise there is. What was changed
 * through this lookup's own store is seen at once.
 */
export function boundedLookup(parts: LookupParts): Lookup {
  return cachedLookup(parts, null)
}
