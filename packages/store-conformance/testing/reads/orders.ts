import { compareBy, placeOf, statusOf, storedStatusOf } from '@tessera/core'
import type { SortField, TokenRecord } from '@tessera/core'
import { listRecords } from '../../src/model/naive-store/list.ts'
import { NOW } from '../../src/steps/sample-token.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { broken, findIn } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'
import { listing, sorting } from './list-rules.ts'

const by = (field: SortField) => compareBy({ by: field, direction: 'asc' }, NOW)
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** A store that remembers an order from the first list until something is inserted or pruned. */
function remembering(field: SortField): () => StepsOnStore {
  return broken((store, state) => {
    const known = new Map<string, readonly TokenRecord[]>()
    return {
      async insert(record, conditions) {
        known.clear()
        return store.insert(record, conditions)
      },
      async list(query) {
        if (query.sort.by !== field) return store.list(query)
        const former = known.get(query.owner) ?? state.records
        known.set(query.owner, former)
        const ids = [...former].sort(compareBy(query.sort, query.now)).map(({ id }) => id)
        return listRecords(state.records, query, { compare: (a, b) => ids.indexOf(a.id) - ids.indexOf(b.id) })
      },
    }
  })
}

const FIELDS = ['createdAt', 'id', 'lastUsedAt', 'status'] as const

/** Ways of databases to order texts, of which none goes by code unit. */
const COLLATIONS: Readonly<Record<string, (a: string, b: string) => number>> = {
  'a locale': (a, b) => a.localeCompare(b, 'en'),
  'a locale that ignores punctuation': (a, b) => a.localeCompare(b, 'en', { ignorePunctuation: true }) || byText(a, b),
  'lower case': (a, b) => byText(a.toLowerCase(), b.toLowerCase()) || byText(a, b),
  'their letters and then their case': (a, b) => byText(a.toUpperCase(), b.toUpperCase()) || byText(b, a),
}

/** A store that orders ids by a collation, of all rows where they are the sort and of those of one value elsewhere. */
function collating(field: SortField, collate: (a: string, b: string) => number): () => StepsOnStore {
  return sorting(field, (a, b) => {
    const byValue = field === 'id' ? 0 : by(field)({ ...a, id: '' }, { ...b, id: '' })
    return byValue || collate(a.id, b.id)
  })
}

/** A store whose lists are in the right order, but which goes on behind an id by a collation. */
function goingOnBy(collate: (a: string, b: string) => number): () => StepsOnStore {
  return listing(({ sort, now }) => ({
    isBehind(record, place) {
      const { value } = placeOf(record, sort, now)
      if (sort.by !== 'id' && value !== place.value) return compareBy(sort, now)(record, place) > 0
      return (sort.direction === 'asc' ? 1 : -1) * collate(record.id, place.id) > 0
    },
  }))
}

const collated: BrokenStores = Object.fromEntries(
  Object.entries(COLLATIONS).flatMap(([name, collate]) => [
    ...FIELDS.map((field) => [`orders ids by ${name}, where it sorts by ${field}`, collating(field, collate)] as const),
    [`goes on behind an id by ${name}`, goingOnBy(collate)] as const,
  ]),
)

export const orders: BrokenStores = {
  ...collated,
  'takes the order of insertion for that of creation': sorting('createdAt', () => 0),
  'leaves ties of creation as they come': sorting('createdAt', (a, b) => a.createdAt - b.createdAt),
  'leaves ties of last use as they come': sorting('lastUsedAt', (a, b) => (a.lastUsedAt ?? 0) - (b.lastUsedAt ?? 0)),
  'leaves ties of status as they come': sorting('status', (a, b) => byText(storedStatusOf(a), storedStatusOf(b))),
  'sorts ties by ascending id in both directions': listing(({ sort }) => ({
    compare: (a, b) => compareBy(sort, NOW)({ ...a, id: '' }, { ...b, id: '' }) || byText(a.id, b.id),
  })),
  'sorts ids as people do': sorting('id', (a, b) => a.id.localeCompare(b.id, 'en')),
  'sorts ids as numbers': sorting('id', (a, b) => a.id.localeCompare(b.id, 'en', { numeric: true })),
  'sorts ids by creation': sorting('id', by('createdAt')),
  'sorts what was never used last': sorting(
    'lastUsedAt',
    (a, b) => (a.lastUsedAt ?? Infinity) - (b.lastUsedAt ?? Infinity) || byText(a.id, b.id),
  ),
  'sorts by the status of the moment': listing(({ sort, now }) => {
    const sign = sort.direction === 'asc' ? 1 : -1
    const compare = (a: TokenRecord, b: TokenRecord) =>
      sign * (byText(statusOf(a, now), statusOf(b, now)) || byText(a.id, b.id))
    return sort.by === 'status' ? { compare } : {}
  }),
  'sorts by last use as it was at the first list': remembering('lastUsedAt'),
  'sorts by status as it was at the first list': remembering('status'),
  'sorts by the latest change for creation': sorting(
    'createdAt',
    (a, b) => a.updatedAt - b.updatedAt || byText(a.id, b.id),
  ),
  'sorts in ascending order only': listing(({ sort }) => ({ compare: by(sort.by) })),
  'lists what was there at the first list': broken((store, state) => {
    const known = new Map<string, readonly TokenRecord[]>()
    return {
      async list(query) {
        if (query.sort.by === 'createdAt') return store.list(query)
        const former = known.get(query.owner + query.sort.by) ?? state.records
        known.set(query.owner + query.sort.by, former)
        return listRecords(
          former.flatMap(({ owner, id }) => findIn(state, owner, id) ?? []),
          query,
        )
      },
    }
  }),
}
