import { nameContains, statusOf } from '@tessera/core'
import type { SortField, TokenQuery, TokenRecord, TokenStatus } from '@tessera/core'
import { listRecords } from '../../src/model/naive-store/list.ts'
import type { ListRules } from '../../src/model/naive-store/list.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { broken } from '../broken/broken.ts'

type IsPassing = (record: TokenRecord, query: Omit<TokenQuery, 'prefixes'>) => boolean

/** A store that lists by other rules. */
export function listing(rulesOf: (query: Omit<TokenQuery, 'prefixes'>) => ListRules): () => StepsOnStore {
  return broken((_store, state) => ({ list: async (query) => listRecords(state.records, query, rulesOf(query)) }))
}

/** A store that filters in its own way. */
export function filtering(isPassing: IsPassing): () => StepsOnStore {
  return listing(() => ({ isPassing }))
}

/** A store that derives statuses in its own way. */
export function deriving(derive: (record: TokenRecord, now: number) => TokenStatus): () => StepsOnStore {
  return filtering(
    (record, { statuses, name, now }) =>
      (statuses?.includes(derive(record, now)) ?? true) && (name === null || nameContains(record.name, name)),
  )
}

/** A store that matches names in its own way. */
export function matching(matches: (name: string, part: string) => boolean): () => StepsOnStore {
  return filtering(
    (record, { statuses, name, now }) =>
      (statuses?.includes(statusOf(record, now)) ?? true) && (name === null || matches(record.name, name)),
  )
}

/** A store that has its own ascending order of a field. */
export function sorting(by: SortField, ascending: (a: TokenRecord, b: TokenRecord) => number): () => StepsOnStore {
  return listing(({ sort }) => {
    const sign = sort.direction === 'asc' ? 1 : -1
    return sort.by === by ? { compare: (a, b) => sign * ascending(a, b) } : {}
  })
}
