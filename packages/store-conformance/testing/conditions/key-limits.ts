import type { Idempotency } from '@tessera/core'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { brokenIn, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

type Reworded = (request: Idempotency, state: NaiveState) => Idempotency

/** A store that takes requests for others, in all steps or in some. */
function rewording(as: Reworded, steps: readonly (keyof StepsOnStore)[] = STEPS): () => StepsOnStore {
  return brokenIn((store, state) => {
    const reworded = <Wish extends { readonly idempotency: Idempotency | null }>(wish: Wish): Wish =>
      wish.idempotency === null ? wish : { ...wish, idempotency: as(wish.idempotency, state) }
    const all: Partial<StepsOnStore> = {
      insert: (record, conditions) => store.insert(record, reworded(conditions)),
      revoke: (owner, id, wish) => store.revoke(owner, id, reworded(wish)),
      revokeAll: (owner, wish) => store.revokeAll(owner, reworded(wish)),
      suspend: (owner, id, wish) => store.suspend(owner, id, reworded(wish)),
      resume: (owner, id, wish) => store.resume(owner, id, reworded(wish)),
      edit: (owner, id, wish) => store.edit(owner, id, reworded(wish)),
      rotate: (owner, id, wish) => store.rotate(owner, id, reworded(wish)),
    }
    return Object.fromEntries(steps.map((step) => [step, all[step]]))
  })
}

const STEPS = ['insert', 'revoke', 'revokeAll', 'suspend', 'resume', 'edit', 'rotate'] as const

const unlimited: Reworded = (request) => ({ ...request, limit: undefined })

/** A store that does something about its keys before each insert. */
function beforeInsert(tidy: (state: NaiveState, owner: string, request: Idempotency, now: number) => void) {
  return brokenIn((store, state) => ({
    async insert(record, conditions) {
      const { idempotency, now } = conditions
      if (idempotency !== null) tidy(state, record.owner, idempotency, now)
      return store.insert(record, conditions)
    },
  }))
}

export const keyLimits: BrokenStores = {
  'lets an owner hold any number of idempotency keys': rewording(unlimited),
  ...Object.fromEntries(STEPS.map((step) => [`bounds the keys of all but ${step}`, rewording(unlimited, [step])])),
  'lets an owner hold one idempotency key too many': rewording((request) => ({
    ...request,
    limit: request.limit && request.limit + 1,
  })),
  'counts the idempotency keys of all owners': brokenIn((store, state) => ({
    async insert(record, conditions) {
      const { idempotency, now } = conditions
      const answer = idempotency && (await store.findRequest(record.owner, idempotency, now))
      const kept = state.requests.filter(({ expiresAt }) => now < expiresAt).length
      if (answer === null && kept >= (idempotency?.limit ?? Infinity)) return { outcome: 'idempotency_limit_reached' }
      return store.insert(record, conditions)
    },
  })),
  'counts idempotency keys that have expired': brokenIn((store, state) => ({
    async insert(record, conditions) {
      const { idempotency, now } = conditions
      const answer = idempotency && (await store.findRequest(record.owner, idempotency, now))
      const kept = state.requests.filter(({ owner }) => owner === record.owner).length
      if (answer === null && kept >= (idempotency?.limit ?? Infinity)) return { outcome: 'idempotency_limit_reached' }
      return store.insert(record, conditions)
    },
  })),
  'counts each use of an idempotency key': brokenIn((store) => {
    let used = 0
    return {
      async insert(record, conditions) {
        const limit = conditions.idempotency?.limit
        const extra = Math.max(0, used - 4)
        const idempotency = conditions.idempotency && { ...conditions.idempotency, limit: limit && limit - extra }
        const answer = await store.insert(record, { ...conditions, idempotency })
        if (answer.outcome === 'inserted' && idempotency !== null) used += 1
        return answer
      },
    }
  }),
  'drops the idempotency key that expires first to make room': beforeInsert((state, owner, { key, limit }, now) => {
    const own = state.requests.filter((each) => each.owner === owner && now < each.expiresAt)
    if (limit === undefined || own.length < limit || own.some((each) => each.key === key)) return
    const first = own.reduce((a, b) => (b.expiresAt <= a.expiresAt ? b : a))
    state.requests = state.requests.filter((each) => each !== first)
  }),
  'refuses known idempotency keys as well when there is no room': brokenIn((store, state) => ({
    async insert(record, conditions) {
      const { idempotency, now } = conditions
      const kept = state.requests.filter(({ owner, expiresAt }) => owner === record.owner && now < expiresAt)
      if (kept.length >= (idempotency?.limit ?? Infinity)) return { outcome: 'idempotency_limit_reached' }
      return store.insert(record, conditions)
    },
  })),
  'looks for room, and then uses the idempotency key': brokenIn((store, state) => ({
    async insert(record, conditions) {
      const { idempotency, now } = conditions
      const kept = state.requests.filter(({ owner, expiresAt }) => owner === record.owner && now < expiresAt)
      await roundTrip()
      if (kept.length >= (idempotency?.limit ?? Infinity)) return store.insert(record, conditions)
      return store.insert(record, { ...conditions, idempotency: idempotency && { ...idempotency, limit: undefined } })
    },
  })),
  'bounds what has no limit': rewording((request) => ({ ...request, limit: request.limit ?? 3 })),
}
