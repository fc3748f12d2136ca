import { compareBy, fillPage, filterBy, isFiltered } from '@tessera/core'
import type { Place, TokenPage, TokenQuery, TokenRecord } from '@tessera/core'
import { sortedRows } from './owner-index.ts'
import type { OwnerIndex } from './owner-index.ts'
import type { Row } from './row.ts'
import { countFirst } from './sorted.ts'

/**
 * The requested part of an owner's list. Without a filter it reads only the page itself. With one, a page after a row
 * reads on until it is full or has looked at enough rows, and any other reads the whole list.
 */
export function readPage(index: OwnerIndex, query: TokenQuery): TokenPage {
  const { sort, window } = query
  const order = sortedRows(index, query.prefixes, sort.by, query.now)
  if (window !== 'all' && 'after' in window) {
    const filling = fillPage(query, window)
    const { start } = filling
    let position = start === null ? 0 : countThrough(order, query, start)
    for (; position < order.length; position += 1) {
      const row = order[sort.direction === 'asc' ? position : order.length - 1 - position]
      if (row === undefined || !filling.take(row.record)) break
    }
    return filling.page()
  }
  const passes = filterBy(query)
  const rows = isFiltered(query) ? order.filter(({ record }) => passes(record)) : order
  if (window === 'all') return { records: readRows(rows, sort.direction, 0, rows.length), total: null, next: null }
  const records = readRows(rows, sort.direction, window.offset, window.limit)
  return { records, total: rows.length, next: null }
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

/** How many rows of the sorted list come up to a place, whether there is a row or not. */
function countThrough(ascending: readonly Row[], { sort, now }: TokenQuery, place: Place): number {
  const compare = compareBy(sort, now)
  if (sort.direction === 'asc') return countFirst(ascending, ({ record }) => compare(record, place) <= 0)
  return ascending.length - countFirst(ascending, ({ record }) => compare(record, place) > 0)
}
