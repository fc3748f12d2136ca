import type { TokenRecord } from '../token/token.ts'
import { fillPage } from './fill-page.ts'
import { filterBy } from './filters.ts'
import { compareBy } from './query.ts'
import type { TokenPage, TokenQuery } from './query.ts'

/** The requested part of a list, from all records that it may have, in any order. */
export function pageOf(all: readonly TokenRecord[], query: TokenQuery): TokenPage {
  const { sort, window, now } = query
  const compare = compareBy(sort, now)
  if (window !== 'all' && 'after' in window) {
    const filling = fillPage(query, window)
    const { start } = filling
    const following = start === null ? all : all.filter((record) => compare(record, start) > 0)
    following.toSorted(compare).every(filling.take)
    return filling.page()
  }
  const sorted = all.filter(filterBy(query)).sort(compare)
  if (window === 'all') return { records: sorted, total: null, next: null }
  const records = sorted.slice(window.offset, window.offset + window.limit)
  return { records, total: sorted.length, next: null }
}
