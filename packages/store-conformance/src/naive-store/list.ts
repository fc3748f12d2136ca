import { compareBy, filterBy } from '@tessera/core'
import type { TokenPage, TokenQuery, TokenRecord } from '@tessera/core'

/** How rows are chosen and ordered, where not by the contract. */
export interface ListRules {
  readonly compare?: (a: TokenRecord, b: TokenRecord) => number
  readonly isPassing?: (record: TokenRecord, query: TokenQuery) => boolean
}

export function listRecords(
  records: readonly TokenRecord[],
  query: TokenQuery,
  { compare = compareBy(query.sort, query.now), isPassing = filterBy(query) }: ListRules = {},
): TokenPage {
  const { owner, window } = query
  const own = records.filter((record) => record.owner === owner).sort(compare)
  const passing = own.filter((record) => isPassing(record, query))
  if (window === 'all') return { records: passing, total: null, next: null }
  if ('offset' in window) {
    const { offset, limit } = window
    return { records: passing.slice(offset, offset + limit), total: passing.length, next: null }
  }
  const last = own.findIndex(({ id }) => id === window.after)
  if (window.after !== null && last === -1) return { records: [], total: null, next: null }
  const rest = own.slice(last + 1).filter((record) => isPassing(record, query))
  const page = rest.slice(0, window.limit)
  return { records: page, total: null, next: rest.length > page.length ? (page.at(-1)?.id ?? null) : null }
}
