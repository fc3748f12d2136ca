import { compareBy } from '@tessera/core'
import type { CachedRecord, SortField, TokenRecord } from '@tessera/core'

/** The place of one token: its record is replaced, never written to, and the memo goes with it. */
export interface Row extends CachedRecord {
  record: TokenRecord
}

/** An order without a clock is the same at every instant. */
export function ascendingBy(by: SortField, now = 0): (a: Row, b: Row) => number {
  const compare = compareBy({ by, direction: 'asc' }, now)
  return (a, b) => compare(a.record, b.record)
}
