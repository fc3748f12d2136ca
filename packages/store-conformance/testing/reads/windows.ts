import { placeOf } from '@tessera/core'
import type { Place, TokenPage, TokenQuery, TokenRecord } from '@tessera/core'
import type { StepsOnStore, Usually } from '../../src/steps/steps-on.ts'
import { broken } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'
import type { PlainStore } from '../broken/plain-store.ts'

type Query = Usually<TokenQuery>

type Following = Query & { readonly window: { readonly after: Place | null; readonly limit: number } }

/** A store that goes on in its own way after a row that is gone. */
function goingOn(list: (store: PlainStore, query: Following, gone: Place) => Promise<TokenPage>): () => StepsOnStore {
  return broken((store) => ({
    async list(query) {
      const { window } = query
      if (window === 'all' || !('after' in window) || window.after === null) return store.list(query)
      const row = await store.find(query.owner, window.after.id)
      return row === null ? list(store, { ...query, window }, window.after) : store.list(query)
    },
  }))
}

function placeIn({ sort, now }: Query, row: TokenRecord | undefined): Place | null {
  return row === undefined ? null : placeOf(row, sort, now)
}

export const windows: BrokenStores = {
  'takes a row’s position for the row': broken((store) => {
    const positions = new Map<string, number>()
    return {
      async list(query) {
        const { window } = query
        if (window === 'all' || 'offset' in window) return store.list(query)
        const offset = window.after === null ? 0 : positions.get(window.after.id)
        if (offset === undefined) return store.list(query)
        const { records, total } = await store.list({ ...query, window: { offset, limit: window.limit } })
        const end = offset + records.length
        const last = records.at(-1)
        if (last !== undefined) positions.set(last.id, end)
        return { records, total: null, next: last !== undefined && end < (total ?? 0) ? placeIn(query, last) : null }
      },
    }
  }),
  'gives everything, whatever the limit': broken((store) => ({
    list: (query) =>
      store.list(query.window === 'all' ? query : { ...query, window: { ...query.window, limit: 1_000_000 } }),
  })),
  'gives one row too many': broken((store) => ({
    list: ({ window, ...query }) =>
      store.list({ ...query, window: window === 'all' ? window : { ...window, limit: window.limit + 1 } }),
  })),
  'gives 100 rows at most': broken((store) => ({
    async list(query) {
      const page = await store.list(query)
      return { ...page, records: page.records.slice(0, 100) }
    },
  })),
  'counts offsets from one': broken((store) => ({
    list: ({ window, ...query }) => {
      const isByOffset = window !== 'all' && 'offset' in window && window.offset > 0
      return store.list({ ...query, window: isByOffset ? { ...window, offset: window.offset - 1 } : window })
    },
  })),
  'counts offsets from the oldest row in either direction': broken((store) => ({
    async list(query) {
      const { window, sort } = query
      if (window === 'all' || !('offset' in window) || sort.direction === 'asc') return store.list(query)
      const page = await store.list({ ...query, sort: { ...sort, direction: 'asc' } })
      return { ...page, records: page.records.toReversed() }
    },
  })),
  'has no total past the end': broken((store) => ({
    async list(query) {
      const page = await store.list(query)
      return page.records.length === 0 && page.total !== null ? { ...page, total: 0 } : page
    },
  })),
  'counts a total for everything': broken((store) => ({
    async list(query) {
      const page = await store.list(query)
      return query.window === 'all' ? { ...page, total: page.records.length } : page
    },
  })),
  'gives a next for every full page': broken((store) => ({
    async list(query) {
      const page = await store.list(query)
      const { window } = query
      const isFull = window !== 'all' && 'after' in window && page.records.length === window.limit
      return isFull ? { ...page, next: placeIn(query, page.records.at(-1)) } : page
    },
  })),
  'gives the row that follows for the next': broken((store) => ({
    async list(query) {
      const page = await store.list(query)
      const { window } = query
      if (window === 'all' || 'offset' in window || page.next === null) return page
      const more = await store.list({ ...query, window: { ...window, limit: window.limit + 1 } })
      return { ...page, next: placeIn(query, more.records.at(-1)) }
    },
  })),
  'starts over after a row that is gone': goingOn((store, query) =>
    store.list({ ...query, window: { after: null, limit: query.window.limit } }),
  ),
  'ends after a row that is gone': goingOn(async () => ({ records: [], total: null, next: null })),
  'goes on after all rows of the same value where one is gone': goingOn((store, query, { value }) =>
    store.list({ ...query, window: { after: { value, id: '~' }, limit: query.window.limit } }),
  ),
  'goes on before all rows of the same value where one is gone': goingOn((store, query, { value }) =>
    store.list({ ...query, window: { after: { value, id: '' }, limit: query.window.limit } }),
  ),
  'goes on after where the row is by now': broken((store) => ({
    async list(query) {
      const { window, owner } = query
      if (window === 'all' || !('after' in window) || window.after === null) return store.list(query)
      const row = await store.find(owner, window.after.id)
      return store.list(row === null ? query : { ...query, window: { ...window, after: placeIn(query, row) } })
    },
  })),
  'gives a place by creation for any order': broken((store) => ({
    async list(query) {
      const page = await store.list(query)
      if (page.next === null) return page
      const { id } = page.next
      return { ...page, next: { value: (await store.find(query.owner, id))?.createdAt ?? null, id } }
    },
  })),
  'ends after a row that has left the filter': broken((store) => ({
    async list(query) {
      const { window } = query
      const isAfter = window !== 'all' && 'after' in window && window.after !== null
      const passing = await store.list({ ...query, window: 'all' })
      if (!isAfter || passing.records.some(({ id }) => id === window.after?.id)) return store.list(query)
      return { records: [], total: null, next: null }
    },
  })),
  'takes the empty row for the start': broken((store) => ({
    async list(query) {
      const { window } = query
      const isEmpty = window !== 'all' && 'after' in window && window.after?.id === ''
      return store.list(isEmpty ? { ...query, window: { ...window, after: null } } : query)
    },
  })),
}
