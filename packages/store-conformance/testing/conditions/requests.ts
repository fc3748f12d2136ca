import { shardOf } from '@tessera/core'
import { decideInsert, keepInserted } from '../../src/model/naive-store/insert.ts'
import { keepRequest } from '../../src/model/naive-store/requests.ts'
import type { KeptRequest } from '../../src/model/naive-store/state.ts'
import { broken, findIn, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'
import { deciding } from '../broken/deciding.ts'
import type { Grounds } from '../broken/deciding.ts'

/** The grounds with other idempotent requests in the store. */
function remembering({ state }: Grounds, requestAs: (request: KeptRequest) => KeptRequest): Partial<Grounds> {
  return { state: { ...state, requests: state.requests.map(requestAs) } }
}

export const requests: BrokenStores = {
  'looks the key up, and then inserts': broken((store, state) => ({
    async insert(record, conditions) {
      const decision = decideInsert(state, record, conditions)
      await roundTrip()
      if (decision.outcome !== 'inserted') return decision
      const again = decideInsert(state, record, { ...conditions, idempotency: null })
      if (again.outcome === 'inserted') keepInserted(state, record, conditions)
      return again
    },
  })),
  'keeps no sealed secret': deciding(({ conditions }) => ({ conditions: { ...conditions, sealed: undefined } })),
  'answers with the sealed secret of the repeated request': broken((store) => ({
    async insert(record, conditions) {
      const answer = await store.insert(record, conditions)
      const { sealed } = conditions
      return answer.outcome === 'replayed' && sealed !== undefined ? { ...answer, sealed } : answer
    },
  })),
  'has no idempotency at all': broken((store) => ({
    insert: (record, conditions) => store.insert(record, { ...conditions, idempotency: null }),
  })),
  'shares keys between owners': deciding((grounds) =>
    remembering(grounds, (request) => ({ ...request, owner: grounds.record.owner })),
  ),
  'shares keys between the owners of a shard': deciding((grounds) =>
    remembering(grounds, (request) => {
      const { owner } = grounds.record
      return shardOf(request.owner) === shardOf(owner) ? { ...request, owner } : request
    }),
  ),
  'replays whatever the request was': deciding((grounds) =>
    remembering(grounds, (request) => ({
      ...request,
      fingerprint: grounds.conditions.idempotency?.fingerprint ?? request.fingerprint,
    })),
  ),
  'replays the token as it is by then': broken((store, state) => ({
    async insert(record, conditions) {
      const answer = await store.insert(record, conditions)
      if (answer.outcome !== 'replayed') return answer
      return { ...answer, record: findIn(state, record.owner, answer.record.id) ?? answer.record }
    },
  })),
  'forgets a key with its token': broken((store, state) => ({
    async prune(retention) {
      const removed = await store.prune(retention)
      state.requests = state.requests.filter(
        ({ owner, answer }) => 'record' in answer && findIn(state, owner, answer.record.id) !== null,
      )
      return removed
    },
  })),
  'holds a key at the instant of its expiry': deciding((grounds) =>
    remembering(grounds, (request) => ({ ...request, expiresAt: request.expiresAt + 1 })),
  ),
  'frees a key a millisecond early': deciding((grounds) =>
    remembering(grounds, (request) => ({ ...request, expiresAt: request.expiresAt - 1 })),
  ),
  'prolongs a key with each request': broken((store, state) => ({
    async insert(record, conditions) {
      const expiresAt = conditions.idempotency?.expiresAt ?? 0
      state.requests = state.requests.map((request) => ({
        ...request,
        expiresAt: Math.max(expiresAt, request.expiresAt),
      }))
      return store.insert(record, conditions)
    },
  })),
  'uses a key up for a refused request': broken((store, state) => ({
    async insert(record, conditions) {
      const answer = await store.insert(record, conditions)
      const isRefused = answer.outcome === 'limit_reached' || answer.outcome === 'id_taken'
      if (isRefused) keepRequest(state, record.owner, conditions.idempotency, { record })
      return answer
    },
  })),
  'lets the limit decide before the key': broken((store, state) => ({
    async insert(record, conditions) {
      const decision = decideInsert(state, record, { ...conditions, idempotency: null })
      return decision.outcome === 'inserted' ? store.insert(record, conditions) : decision
    },
  })),
  'compares keys without regard to case': deciding((grounds) => {
    const { idempotency } = grounds.conditions
    if (idempotency === null) return {}
    const key = idempotency.key.toLowerCase()
    return { conditions: { ...grounds.conditions, idempotency: { ...idempotency, key } } }
  }),
  'cuts keys at 64 characters': deciding(({ conditions }) => ({
    conditions: {
      ...conditions,
      idempotency: conditions.idempotency && {
        ...conditions.idempotency,
        key: conditions.idempotency.key.slice(0, 64),
      },
    },
  })),
  'takes a key for known that an object has by nature': deciding((grounds) => {
    const { state, record, conditions } = grounds
    const { idempotency } = conditions
    if (idempotency === null || !(idempotency.key in {})) return {}
    const known = { ...idempotency, fingerprint: '', owner: record.owner, answer: { record } }
    return { state: { ...state, requests: [known, ...state.requests] } }
  }),
  'takes a request without a key for one with an empty key': deciding(({ conditions }) => ({
    conditions: {
      ...conditions,
      idempotency: conditions.idempotency ?? { key: '', fingerprint: '', expiresAt: conditions.now + 1_000 },
    },
  })),
}
