import { isMadeBy } from '../token/makers.ts'
import { asOf, statusOf, storedStatusOf } from '../token/token.ts'
import type { TokenRecord, TokenStatus } from '../token/token.ts'

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

/** A query of a store. All filters must hold; `null` filters nothing. */
export interface TokenQuery {
  readonly owner: string
  /** The prefixes of an API. Tokens of other prefixes are neither listed nor counted. */
  readonly prefixes: readonly string[]
  /** The clock for statuses, in epoch milliseconds. */
  readonly now: number
  readonly statuses: readonly TokenStatus[] | null
  /** A part of the name, without regard to case; every character is literal. See {@link nameContains}. */
  readonly name: string | null
  /** Its creator, to the letter; left out, it filters nothing. */
  readonly createdBy?: string | null | undefined
  /** Lines, one of them among the makers of a token, see {@link isMadeBy}; left out, they filter nothing. */
  readonly makers?: readonly string[] | null | undefined
  readonly sort: TokenSort
  readonly window: TokenWindow
}

export interface TokenPage {
  readonly records: readonly TokenRecord[]
  /** For a window by offset, how many rows pass the filters in all; else `null`. */
  readonly total: number | null
  /** For a window by place, the next place if more rows follow; else `null`. */
  readonly next: Place | null
}

type Filters = Pick<TokenQuery, 'statuses' | 'name' | 'createdBy' | 'makers' | 'now'>

/** Whether a query filters: else every one of the owner's tokens passes. */
export function isFiltered({ statuses, name, createdBy = null, makers = null }: Filters): boolean {
  return statuses !== null || name !== null || createdBy !== null || makers !== null
}

/** Whether a record passes a query's filters. */
export function filterBy({
  statuses,
  name,
  createdBy = null,
  makers = null,
  now,
}: Filters): (record: TokenRecord) => boolean {
  const part = name === null ? null : foldCase(name)
  return (record) => {
    if (createdBy !== null && record.createdBy !== createdBy) return false
    if (makers !== null && !isMadeBy(record, makers)) return false
    if (statuses !== null && !statuses.includes(statusOf(record, now))) return false
    return part === null || foldCase(record.name).includes(part)
  }
}

/** Whether `name` holds `part` anywhere, without regard to case or to how accents are composed. */
export function nameContains(name: string, part: string): boolean {
  return foldCase(name).includes(foldCase(part))
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

// Lower case first, because ẞ has no upper case of its own and ß has; then upper case, where ς and σ meet.
function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase().toUpperCase()
}
