import { prefixOfKey } from '@tessera/core'
import type { Idempotency, TokenRecord } from '@tessera/core'
import { listRecords } from '../../src/model/naive-store/list.ts'
import type { StepsOnStore, Usually } from '../../src/steps/steps-on.ts'
import { broken, brokenIn } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

type Asked = NonNullable<Usually<{ readonly prefixes: readonly string[] }>['prefixes']>

/** A store that lists tokens of other prefixes than those asked for. */
function listing(prefixesFor: (asked: Asked, records: readonly TokenRecord[]) => Asked): () => StepsOnStore {
  return broken((store, state) => ({
    list: (query) => store.list({ ...query, prefixes: prefixesFor(query.prefixes ?? [], state.records) }),
  }))
}

/** A store that looks up and keeps requests under other keys. */
function keyedBy(keyOf: (key: string) => string): () => StepsOnStore {
  const reworded = (request: Idempotency) => ({ ...request, key: keyOf(request.key) })
  return brokenIn((store) => ({
    insert: (record, { idempotency, ...conditions }) =>
      store.insert(record, { ...conditions, idempotency: idempotency && reworded(idempotency) }),
    findRequest: (owner, request, now) => store.findRequest(owner, reworded(request), now),
  }))
}

const every = (records: readonly TokenRecord[]) => records.map(({ prefix }) => prefix)

export const otherPrefixes: BrokenStores = {
  'lists tokens of every prefix': listing((_, records) => every(records)),
  'lists tokens of the first prefix only': listing((asked) => asked.slice(0, 1)),
  'lists tokens of prefixes that begin alike': listing((asked, records) =>
    every(records).filter((prefix) => asked.some((each) => prefix.startsWith(each) || each.startsWith(prefix))),
  ),
  'lists prefix after prefix': broken((store, state) => ({
    async list(query) {
      const { prefixes = [], window } = query
      if (window !== 'all') return store.list(query)
      const pages = prefixes.map((prefix) => listRecords(state.records, { ...query, prefixes: [prefix] }))
      return { records: pages.flatMap(({ records }) => records), total: null, next: null }
    },
  })),
  'loses its place among several prefixes': broken((store) => ({
    async list(query) {
      const { prefixes = [], window } = query
      if (window === 'all' || !('after' in window) || window.after === null || prefixes.length < 2)
        return store.list(query)
      return store.list({ ...query, prefixes: prefixes.slice(1) })
    },
  })),
  'counts the tokens of every prefix in a total': broken((store, state) => ({
    async list(query) {
      const page = await store.list(query)
      if (page.total === null) return page
      return { ...page, total: listRecords(state.records, { ...query, prefixes: every(state.records) }).total }
    },
  })),
  'limits the tokens of all prefixes together': broken((store, state) => ({
    insert: (record, conditions) => store.insert(record, { ...conditions, prefixes: every(state.records) }),
  })),
  'limits the tokens of the record’s own prefix only': broken((store) => ({
    insert: (record, conditions) => store.insert(record, { ...conditions, prefixes: [record.prefix] }),
  })),
  'counts ended tokens of a retired prefix': broken((store, state) => ({
    async insert(record, conditions) {
      const { prefixes = [record.prefix], activeLimit } = conditions
      const isEnded = ({ revokedAt, expiresAt }: TokenRecord) =>
        revokedAt !== null || (expiresAt !== null && conditions.now >= expiresAt)
      const ended = state.records.filter((each) => prefixes.indexOf(each.prefix) > 0 && isEnded(each)).length
      return store.insert(record, { ...conditions, activeLimit: activeLimit && activeLimit - ended })
    },
  })),
  'prunes tokens of every prefix': broken((store, state) => ({
    prune: (retention) => store.prune({ ...retention, prefixes: every(state.records) }),
  })),
  'takes the idempotency keys of all prefixes for the same': keyedBy((key) => key.slice(key.indexOf(':') + 1)),
  'counts the idempotency keys of all prefixes': brokenIn((store, state) => ({
    async insert(record, conditions) {
      const { idempotency, now } = conditions
      const answer = idempotency && (await store.findRequest(record.owner, idempotency, now))
      const kept = state.requests.filter(({ owner, expiresAt }) => owner === record.owner && now < expiresAt).length
      if (answer === null && kept >= (idempotency?.limit ?? Infinity)) return { outcome: 'idempotency_limit_reached' }
      return store.insert(record, conditions)
    },
  })),
  'leaves the expired idempotency keys of other prefixes': broken((store, state) => ({
    async prune(retention) {
      const { prefixes = ['ot_pat'] } = retention
      const others = state.requests.filter(({ key }) => !prefixes.includes(prefixOfKey(key)))
      const removed = await store.prune(retention)
      state.requests = [...state.requests.filter((request) => !others.includes(request)), ...others]
      return removed
    },
  })),
}
