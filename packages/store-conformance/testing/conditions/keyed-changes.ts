import type { Change, RotateOutcome, TokenRecord } from '@tessera/core'
import { decideForToken, keepRequest } from '../../src/model/naive-store/requests.ts'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import type { ChangeAnswer, StepsOnStore } from '../../src/steps/steps-on.ts'
import { brokenIn, findIn, roundTrip } from '../broken/broken.ts'
import type { BrokenStores, NaiveStore } from '../broken/broken.ts'

type Outcome = ChangeAnswer | RotateOutcome

/** One call of a step that changes one token, made with whatever change is given in the place of its own. */
interface Call {
  readonly owner: string
  readonly id: string
  readonly change: Change
  readonly make: (change: Partial<Change>) => Promise<Outcome>
}

/** A store that makes every change of one token in another way. */
function changing(spoil: (call: Call, state: NaiveState, store: NaiveStore) => Promise<Outcome>): () => StepsOnStore {
  return brokenIn((store, state) => {
    const spoilt =
      <Wish extends Change, Answer extends Outcome>(
        step: (owner: string, id: string, wish: Wish) => Promise<Answer>,
      ): typeof step =>
      (owner, id, wish) => {
        const make = (change: Partial<Change>) => step(owner, id, { ...wish, ...change })
        return spoil({ owner, id, change: wish, make }, state, store) as Promise<Answer>
      }
    return {
      revoke: spoilt(store.revoke),
      suspend: spoilt(store.suspend),
      resume: spoilt(store.resume),
      edit: spoilt(store.edit),
      rotate: spoilt(store.rotate),
    }
  })
}

/** What is kept of an answer; `null` for a refusal. */
function madeBy(answer: Outcome): TokenRecord | null {
  if (answer.outcome === 'rotated') return answer.successor
  return answer.outcome === 'done' ? answer.record : null
}

export const keyedChanges: BrokenStores = {
  'has no idempotency for changes': changing(({ make }) => make({ idempotency: null })),
  'looks the key up, and then makes the change': changing(async ({ owner, change, make }, state) => {
    const answer = decideForToken(state, owner, change.idempotency, change.at)
    await roundTrip()
    if (answer !== null) return answer
    const made = await make({ idempotency: null })
    const record = madeBy(made)
    if (record !== null) keepRequest(state, owner, change.idempotency, { record })
    return made
  }),
  'replays a change whatever it was': changing(({ make, change }, state) => {
    const kept = state.requests.find(({ key }) => key === change.idempotency?.key)
    const fingerprint = kept?.fingerprint ?? change.idempotency?.fingerprint ?? ''
    return make({ idempotency: change.idempotency && { ...change.idempotency, fingerprint } })
  }),
  'replays a change with the token as it is by then': changing(async ({ make }, state) => {
    const answer = await make({})
    if (answer.outcome !== 'replayed') return answer
    return { ...answer, record: findIn(state, answer.record.owner, answer.record.id) ?? answer.record }
  }),
  'answers a repeated rotation with a successor that has ended': brokenIn((store) => ({
    async rotate(owner, id, rotation) {
      const answer = await store.rotate(owner, id, rotation)
      return answer.outcome === 'successor_ended' ? { outcome: 'replayed', record: answer.record } : answer
    },
  })),
  'uses a key up for a change that was refused': changing(async ({ owner, id, change, make }, state) => {
    const answer = await make({})
    const record = findIn(state, owner, id) ?? state.records[0]
    const isRefused = madeBy(answer) === null && answer.outcome !== 'replayed'
    if (isRefused && record !== undefined) keepRequest(state, owner, change.idempotency, { record })
    return answer
  }),
  'keeps no key for a change that had nothing to do': changing(async ({ owner, id, make }, state) => {
    const [before, requests] = [findIn(state, owner, id), state.requests]
    const answer = await make({})
    if (before !== null && findIn(state, owner, id) === before) state.requests = requests
    return answer
  }),
  'makes a change again that its key has made': changing(async ({ make }) => {
    const answer = await make({})
    if (answer.outcome === 'replayed') await make({ idempotency: null })
    return answer
  }),
  'finds no request': brokenIn(() => ({ findRequest: async () => null })),
  'finds the requests of every owner': brokenIn((store, state) => ({
    findRequest: (_owner, request, now) => store.findRequest(state.requests[0]?.owner ?? '', request, now),
  })),
  'finds requests for ever': brokenIn((store) => ({
    findRequest: (owner, request) => store.findRequest(owner, request, 0),
  })),
}
