import { countsUntil, endedAt } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'

/** The score of a token among its owner's ends: the end, negative if the token does not count as active. See `OwnerKeys`. */
export function endsAt(record: TokenRecord): string | number {
  const score = countsUntil(record) ?? -endedAt(record)
  if (Number.isFinite(score)) return score
  return score > 0 ? '+inf' : '-inf'
}
