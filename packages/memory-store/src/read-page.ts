import { compareBy, passes } from '@tessera/core'
import type { TokenPage, TokenQuery, TokenRecord } from '@tessera/core'
import { sortedRows } from './owner-index.ts'
import type { OwnerIndex, Row } from './owner-index.ts'
import { countFirst } from './sorted.ts'

/** The part of an owner's list that a query asks for. Without a filter only the page itself is touched. */
export function readPage(index: OwnerIndex, query: TokenQuery): TokenPage {
  const { sort, window } = query
  const order = sortedRows(index, sort.by, query.now)
  const isFiltered = query.statuses !== null || query.name !== null
  const rows = isFiltered ? order.filter(({ record }) => passes(record, query)) : order
  const read = (start: number, limit: number) => readRows(rows, sort.direction, start, limit)

  if (window === 'all') return { records: read(0, rows.length), total: null, next: null }
  if ('offset' in window) return { records: read(window.offset, window.limit), total: rows.length, next: null }
  const start = window.after === null ? 0 : startAfter(index, rows, query, window.after)
  const records = read(start, window.limit)
  const more = start + records.length < rows.length
  return { records, total: null, next: more ? (records.at(-1)?.id ?? null) : null }
}

function readRows(
  ascending: readonly Row[],
  direction: 'asc' | 'desc',
  start: number,
  limit: number,
): readonly TokenRecord[] {
  const end = Math.min(start + limit, ascending.length)
  if (end <= start) return []
  if (direction === 'asc') return ascending.slice(start, end).map(({ record }) => record)
  const descending = ascending.slice(ascending.length - end, ascending.length - start).reverse()
  return descending.map(({ record }) => record)
}

/** How many rows of the sorted list come up to the one with this id, whether or not that passes the filters itself. */
function startAfter(index: OwnerIndex, rows: readonly Row[], { sort, now }: TokenQuery, id: string): number {
  const last = index.rows.get(id)?.record
  if (last === undefined) return rows.length
  const compare = compareBy(sort, now)
  if (sort.direction === 'asc') return countFirst(rows, ({ record }) => compare(record, last) <= 0)
  return rows.length - countFirst(rows, ({ record }) => compare(record, last) > 0)
}
