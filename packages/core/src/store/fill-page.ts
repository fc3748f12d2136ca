import type { TokenRecord } from '../token/token.ts'
import { filterBy, isFiltered } from './filters.ts'
import { compareBy, placeOf } from './query.ts'
import type { Place, TokenPage, TokenQuery, TokenWindow } from './query.ts'

type PlaceWindow = Extract<TokenWindow, { readonly after: Place | null }>

/** A page by place, filled with the rows that follow, one by one and in their order. */
export interface Filling {
  /** The place to read on from; `null` for the start of the list. */
  readonly start: Place | null
  /** Looks at the next row. Answers whether to go on with another one. */
  take(record: TokenRecord): boolean
  page(): TokenPage
}

/**
 * Fills a page from the rows of the query's owner and prefixes. It is full once one row too many passes the filters. By
 * creation, it also ends after `lookAtMost` rows, and begins and ends with the range of `createdAfter` and
 * `createdBefore`.
 */
export function fillPage(query: TokenQuery, { after, limit }: PlaceWindow): Filling {
  const { sort, now, lookAtMost = Number.POSITIVE_INFINITY } = query
  const isByCreation = sort.by === 'createdAt'
  const most = isByCreation && isFiltered(query) ? lookAtMost : Number.POSITIVE_INFINITY
  const passes = filterBy(query)
  const isBehind = isByCreation ? behindRange(query) : () => false
  const records: TokenRecord[] = []
  let looked = 0
  let next: Place | null = null

  return {
    start: isByCreation ? later(after, startOfRange(query), query) : after,
    take(record) {
      if (isBehind(record)) return false
      if (passes(record)) {
        const last = records.at(-1)
        if (records.length === limit && last !== undefined) {
          next = placeOf(last, sort, now)
          return false
        }
        records.push(record)
      }
      looked += 1
      if (looked < most) return true
      next = placeOf(record, sort, now)
      return false
    },
    page: () => ({ records, total: null, next }),
  }
}

/** The place before all rows created in the range. Instants are whole, and no id is empty. */
function startOfRange({ sort, createdAfter = null, createdBefore = null }: TokenQuery): Place | null {
  if (sort.direction === 'asc') return createdAfter === null ? null : { value: createdAfter + 1, id: '' }
  return createdBefore === null ? null : { value: createdBefore, id: '' }
}

/** Whether a row, and so every later one, was created outside of the range. */
function behindRange({ sort, createdAfter = null, createdBefore = null }: TokenQuery): (row: TokenRecord) => boolean {
  if (sort.direction === 'asc') return ({ createdAt }) => createdBefore !== null && createdAt >= createdBefore
  return ({ createdAt }) => createdAfter !== null && createdAt <= createdAfter
}

function later(one: Place | null, other: Place | null, { sort, now }: TokenQuery): Place | null {
  if (one === null || other === null) return one ?? other
  return compareBy(sort, now)(one, other) > 0 ? one : other
}
