import type { TokenRecord } from '../token/token.ts'
import { compareBy, filterBy, placeOf } from './query.ts'
import type { TokenPage, TokenQuery } from './query.ts'

/** The requested part of a list, from all records that it may have, in any order. */
export function pageOf(all: readonly TokenRecord[], query: TokenQuery): TokenPage {
  const { sort, window, now } = query
  const compare = compareBy(sort, now)
  const sorted = all.filter(filterBy(query)).sort(compare)
  if (window === 'all') return { records: sorted, total: null, next: null }
  if ('offset' in window) {
    const records = sorted.slice(window.offset, window.offset + window.limit)
    return { records, total: sorted.length, next: null }
  }
  const { after } = window
  return pageAfter(after === null ? sorted : sorted.filter((record) => compare(record, after) > 0), query)
}

/** @param following The sorted records of the page, and at least one more if there is one. */
export function pageAfter(following: readonly TokenRecord[], { sort, window, now }: TokenQuery): TokenPage {
  const records = window === 'all' ? following : following.slice(0, window.limit)
  const last = following.length > records.length ? records.at(-1) : undefined
  return { records, total: null, next: last === undefined ? null : placeOf(last, sort, now) }
}
