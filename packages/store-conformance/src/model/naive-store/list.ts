import { compareBy, filterBy, isFiltered, placeOf } from '@tessera/core'
import type { Place, TokenPage, TokenQuery, TokenRecord } from '@tessera/core'
import { USUAL } from '../../steps/steps-on.ts'
import type { Usually } from '../../steps/steps-on.ts'

/** The choice and the order of rows, if they are not the contract's. */
export interface ListRules {
  readonly compare?: (a: TokenRecord, b: TokenRecord) => number
  readonly isBehind?: (record: TokenRecord, place: Place) => boolean
  readonly isPassing?: (record: TokenRecord, query: Omit<TokenQuery, 'prefixes'>) => boolean
}

export function listRecords(
  records: readonly TokenRecord[],
  query: Usually<TokenQuery>,
  rules: ListRules = {},
): TokenPage {
  const { owner, prefixes = USUAL.prefixes, window, sort, now } = query
  const inOrder = compareBy(sort, now)
  const {
    compare = inOrder,
    isPassing = filterBy(query),
    isBehind = (record, place) => inOrder(record, place) > 0,
  } = rules
  const own = records.filter((record) => record.owner === owner && prefixes.includes(record.prefix)).sort(compare)
  const passing = own.filter((record) => isPassing(record, query))
  if (window === 'all') return { records: passing, total: null, next: null }
  if ('offset' in window) {
    const { offset, limit } = window
    return { records: passing.slice(offset, offset + limit), total: passing.length, next: null }
  }
  const { after, limit } = window
  const rest = after === null ? own : own.filter((record) => isBehind(record, after))
  const looked = rest.filter((record) => isLookedAt(record, query)).slice(0, mostOf(query))
  const found = looked.filter((record) => isPassing(record, query))
  const page = found.slice(0, limit)
  const lastLooked = looked.length === mostOf(query) ? looked.at(-1) : undefined
  const last = found.length > page.length ? page.at(-1) : lastLooked
  return { records: page, total: null, next: last === undefined ? null : placeOf(last, sort, now) }
}

function isLookedAt({ createdAt }: TokenRecord, { sort, createdAfter, createdBefore }: Usually<TokenQuery>): boolean {
  if (sort.by !== 'createdAt') return true
  return createdAt > (createdAfter ?? -Infinity) && createdAt < (createdBefore ?? Infinity)
}

function mostOf(query: Usually<TokenQuery>): number {
  return query.sort.by === 'createdAt' && isFiltered(query) ? (query.lookAtMost ?? Infinity) : Infinity
}
