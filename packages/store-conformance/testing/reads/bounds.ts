import { isFiltered, placeOf } from '@tessera/core'
import type { Place, TokenPage, TokenQuery } from '@tessera/core'
import type { StepsOnStore, Usually } from '../../src/steps/steps-on.ts'
import { broken } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'
import type { PlainStore } from '../broken/plain-store.ts'

type Query = Usually<TokenQuery>
type PlaceQuery = Omit<Query, 'window'> & { readonly window: { readonly after: Place | null; readonly limit: number } }

/** A store that answers bounded pages after a place in its own way. */
function bounding(list: (store: PlainStore, query: PlaceQuery) => Promise<TokenPage>): () => StepsOnStore {
  return broken((store) => ({
    async list(query) {
      const { window } = query
      if (window === 'all' || 'offset' in window || query.lookAtMost === undefined) return store.list(query)
      return list(store, { ...query, window })
    },
  }))
}

function placeIn({ sort, now }: Query, { records }: TokenPage): Place | null {
  const last = records.at(-1)
  return last === undefined ? null : placeOf(last, sort, now)
}

export const bounds: BrokenStores = {
  'reads on to the end, whatever it may look at': bounding((store, query) =>
    store.list({ ...query, lookAtMost: undefined }),
  ),
  'looks at one row more': bounding((store, { lookAtMost = 0, ...query }) =>
    store.list({ ...query, lookAtMost: lookAtMost + 1 }),
  ),
  'ends with the first short page': bounding(async (store, query) => {
    const page = await store.list(query)
    return page.records.length < query.window.limit ? { ...page, next: null } : page
  }),
  'goes on after the last row that passed': bounding(async (store, query) => {
    const page = await store.list(query)
    return { ...page, next: page.next && (placeIn(query, page) ?? page.next) }
  }),
  'says that nothing follows an empty page': bounding(async (store, query) => {
    const page = await store.list(query)
    return page.records.length === 0 ? { ...page, next: null } : page
  }),
  'takes every row that it may look at for the last': bounding(async (store, query) => {
    const page = await store.list(query)
    const rest = await store.list({ ...query, name: null, window: { after: page.next, limit: 1 } })
    return rest.records.length === 0 ? { ...page, next: null } : page
  }),
  'binds a page without a filter': bounding(async (store, query) => {
    const page = await store.list(query)
    const records = page.records.slice(0, query.lookAtMost)
    return isFiltered(query) ? page : { ...page, records, next: page.next && placeIn(query, { ...page, records }) }
  }),
  'binds a page in any order': bounding(async (store, query) => {
    const { lookAtMost = 0, window } = query
    if (query.sort.by === 'createdAt') return store.list(query)
    const rows = await store.list({ ...query, name: null, window: { ...window, limit: lookAtMost } })
    return { records: [], total: null, next: rows.next }
  }),
  'looks at rows outside of a range of creation': bounding(async (store, query) => {
    const { createdAfter: after, createdBefore: before, ...rest } = query
    const page = await store.list(rest)
    const isInside = (at: number) => at > (after ?? -Infinity) && at < (before ?? Infinity)
    return { ...page, records: page.records.filter(({ createdAt }) => isInside(createdAt)) }
  }),
  'bounds each prefix by itself': bounding((store, { lookAtMost = 0, prefixes = [''], ...query }) =>
    store.list({ ...query, prefixes, lookAtMost: lookAtMost * prefixes.length }),
  ),
  'starts over after a row that is gone': bounding(async (store, query) => {
    const { after } = query.window
    const row = after && (await store.find(query.owner, after.id))
    return store.list(row === null ? { ...query, window: { ...query.window, after: null } } : query)
  }),
  'ends after a row that is gone': bounding(async (store, query) => {
    const { after } = query.window
    const isGone = after !== null && (await store.find(query.owner, after.id)) === null
    return isGone ? { records: [], total: null, next: null } : store.list(query)
  }),
  'goes on after as many rows as it has looked at': broken((store) => {
    const counts = new Map<string, number>()
    return {
      async list(query) {
        const { window, lookAtMost } = query
        if (window === 'all' || 'offset' in window || lookAtMost === undefined) return store.list(query)
        const { records } = await store.list({ ...query, name: null, window: 'all' })
        const start = window.after === null ? 0 : (counts.get(window.after.id) ?? 0)
        const before = records[start - 1]
        const after = before === undefined ? null : placeOf(before, query.sort, query.now)
        const page = await store.list({ ...query, window: { ...window, after } })
        const end = records.findIndex(({ id }) => id === page.next?.id)
        if (page.next !== null) counts.set(page.next.id, end + 1)
        return page
      },
    }
  }),
}
