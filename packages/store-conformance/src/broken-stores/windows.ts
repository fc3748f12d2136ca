import { broken } from './broken.ts'
import type { BrokenStores } from './broken.ts'

export const windows: BrokenStores = {
  'takes a row’s position for the row': broken((store) => {
    const positions = new Map<string, number>()
    return {
      async list(query) {
        const { window } = query
        if (window === 'all' || 'offset' in window) return store.list(query)
        const offset = window.after === null ? 0 : positions.get(window.after)
        if (offset === undefined) return store.list(query)
        const { records, total } = await store.list({ ...query, window: { offset, limit: window.limit } })
        const end = offset + records.length
        const last = records.at(-1)
        if (last !== undefined) positions.set(last.id, end)
        return { records, total: null, next: last !== undefined && end < (total ?? 0) ? last.id : null }
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
      return isFull ? { ...page, next: page.records.at(-1)?.id ?? null } : page
    },
  })),
  'gives the row that follows for the next': broken((store) => ({
    async list(query) {
      const page = await store.list(query)
      const { window } = query
      if (window === 'all' || 'offset' in window || page.next === null) return page
      const more = await store.list({ ...query, window: { ...window, limit: window.limit + 1 } })
      return { ...page, next: more.records.at(-1)?.id ?? null }
    },
  })),
  'starts over after an unknown row': broken((store) => ({
    async list(query) {
      const { window, owner } = query
      if (window === 'all' || !('after' in window) || window.after === null) return store.list(query)
      const known = await store.find(owner, window.after)
      return store.list(known === null ? { ...query, window: { ...window, after: null } } : query)
    },
  })),
  'ends after a row that has left the filter': broken((store) => ({
    async list(query) {
      const { window } = query
      const isAfter = window !== 'all' && 'after' in window && window.after !== null
      const passing = await store.list({ ...query, window: 'all' })
      if (!isAfter || passing.records.some(({ id }) => id === window.after)) return store.list(query)
      return { records: [], total: null, next: null }
    },
  })),
  'takes the empty row for the start': broken((store) => ({
    async list(query) {
      const { window } = query
      const isEmpty = window !== 'all' && 'after' in window && window.after === ''
      return store.list(isEmpty ? { ...query, window: { ...window, after: null } } : query)
    },
  })),
}
