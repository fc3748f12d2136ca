import { asOf, storedStatusOf } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import type { TokenFilters } from './filters.ts'

export type SortField = 'createdAt' | 'id' | 'lastUsedAt' | 'status'

export interface TokenSort {
  /** `status` sorts by the status without regard to expiry: a row moves with a change, or at the end of its overlap. */
  readonly by: SortField
  readonly direction: 'asc' | 'desc'
}

/** The place of the last seen row in a sorted list. It is plain data, and stays valid after that row was pruned. */
export interface Place {
  /** The row's value of the sort: an instant, an id or a status; `null` for a token that was never used. */
  readonly value: number | string | null
  readonly id: string
}

/**
 * A part of the sorted list: a range by position, the rows after a place, or everything. `after` is the place of the
 * last seen row, `null` for the start.
 */
export type TokenWindow =
  | { readonly offset: number; readonly limit: number }
  | { readonly after: Place | null; readonly limit: number }
  | 'all'

/** A query of a store. */
export interface TokenQuery extends TokenFilters {
  readonly owner: string
  /** The prefixes of an API. Tokens of other prefixes are neither listed nor counted. */
  readonly prefixes: readonly string[]
  readonly sort: TokenSort
  readonly window: TokenWindow
  /**
   * For a filtered window by place, sorted by creation: how many rows it looks at. Then the page ends, even if it is
   * short or empty, and the next place is that of the last row looked at. Rows outside of `createdAfter` and
   * `createdBefore` are not looked at. Left out, there is no bound.
   */
  readonly lookAtMost?: number | undefined
}

export interface TokenPage {
  readonly records: readonly TokenRecord[]
  /** For a window by offset, how many rows pass the filters in all; else `null`. */
  readonly total: number | null
  /** For a window by place, the next place if more rows follow, or may follow; `null` at the end. */
  readonly next: Place | null
}

/**
 * The order of a sort at `now`, of rows and of places: ties go by id, in the same direction. An unused token sorts as
 * used before all others.
 */
export function compareBy(sort: TokenSort, now: number): (a: TokenRecord | Place, b: TokenRecord | Place) => number {
  const valueOf = SORT_VALUES[sort.by]
  const keyOf = (row: TokenRecord | Place) => ('value' in row ? row.value : valueOf(row, now)) ?? NEVER
  const sign = sort.direction === 'asc' ? 1 : -1
  return (a, b) => sign * (ascending(keyOf(a), keyOf(b)) || ascending(a.id, b.id))
}

/** The place of a row in a sort at `now`. */
export function placeOf(record: TokenRecord, { by }: Pick<TokenSort, 'by'>, now: number): Place {
  return { value: SORT_VALUES[by](record, now), id: record.id }
}

const NEVER = Number.NEGATIVE_INFINITY

const SORT_VALUES: Record<SortField, (record: TokenRecord, now: number) => Place['value']> = {
  createdAt: (record) => record.createdAt,
  id: (record) => record.id,
  lastUsedAt: (record) => record.lastUsedAt,
  status: (record, now) => storedStatusOf(asOf(record, now)),
}

function ascending(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
