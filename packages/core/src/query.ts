import { asOf, statusOf, storedStatusOf } from './token.ts'
import type { TokenRecord, TokenStatus } from './token.ts'

export type SortField = 'createdAt' | 'id' | 'lastUsedAt' | 'status'

export interface TokenSort {
  /** `status` sorts by the status without regard to expiry: a row moves when it is changed or its overlap ends. */
  readonly by: SortField
  readonly direction: 'asc' | 'desc'
}

/**
 * Which part of the sorted list: a range by position, the rows that follow a row, or everything. `after` is the id of
 * the last row seen, `null` for the start; an id that the owner does not have selects nothing.
 */
export type TokenWindow =
  | { readonly offset: number; readonly limit: number }
  | { readonly after: string | null; readonly limit: number }
  | 'all'

/** What a store lists. All filters must hold; `null` filters nothing. */
export interface TokenQuery {
  readonly owner: string
  /** The clock, in epoch milliseconds, that statuses are derived with. */
  readonly now: number
  readonly statuses: readonly TokenStatus[] | null
  /** A part of the name, without regard to case; every character is literal. See {@link nameContains}. */
  readonly name: string | null
  readonly sort: TokenSort
  readonly window: TokenWindow
}

export interface TokenPage {
  readonly records: readonly TokenRecord[]
  /** For a window by offset, how many rows pass the filters in all; else `null`. */
  readonly total: number | null
  /** For a window by row, the id to go on after when more rows follow; else `null`. */
  readonly next: string | null
}

/** Whether a record passes a query's filters. */
export function filterBy({
  statuses,
  name,
  now,
}: Pick<TokenQuery, 'statuses' | 'name' | 'now'>): (record: TokenRecord) => boolean {
  const part = name === null ? null : foldCase(name)
  return (record) => {
    if (statuses !== null && !statuses.includes(statusOf(record, now))) return false
    return part === null || foldCase(record.name).includes(part)
  }
}

/** Whether `name` holds `part` anywhere, without regard to case or to how accents are composed. */
export function nameContains(name: string, part: string): boolean {
  return foldCase(name).includes(foldCase(part))
}

/**
 * The order of a sort at `now`: ties go by id, in the same direction. A token that was never used sorts as used before all
 * others.
 */
export function compareBy(sort: TokenSort, now: number): (a: TokenRecord, b: TokenRecord) => number {
  const key = SORT_KEYS[sort.by]
  const sign = sort.direction === 'asc' ? 1 : -1
  return (a, b) => sign * (ascending(key(a, now), key(b, now)) || ascending(a.id, b.id))
}

const SORT_KEYS: Record<SortField, (record: TokenRecord, now: number) => string | number> = {
  createdAt: (record) => record.createdAt,
  id: (record) => record.id,
  lastUsedAt: (record) => record.lastUsedAt ?? Number.NEGATIVE_INFINITY,
  status: (record, now) => storedStatusOf(asOf(record, now)),
}

function ascending(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

// Lower case first, because ẞ has no upper case of its own and ß has; then upper case, where ς and σ meet.
function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase().toUpperCase()
}
