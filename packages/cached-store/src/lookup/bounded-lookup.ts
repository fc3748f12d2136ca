import type { LookupParts } from './lookup-parts.ts'
import { cachedLookup } from './lookup.ts'
import type { Lookup } from './lookup.ts'

/**
 * Finds records of at most the age allowed by `records`, and promises no more. Changes through this lookup's own store
 * are seen at once.
 */
export function boundedLookup(parts: LookupParts): Lookup {
  return cachedLookup(parts, null)
}
