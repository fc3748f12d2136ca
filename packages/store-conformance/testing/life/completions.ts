import { asOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { announce } from '../../src/model/naive-store/changes.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { brokenIn, findIn, overwrite, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** A store that completes a rotation, and then sets further facts about one of the two. */
function completing(
  further: (successor: TokenRecord, at: number) => { readonly id: string; readonly facts: Partial<TokenRecord> } | null,
): () => StepsOnStore {
  return brokenIn((store, state) => ({
    async completeRotation(owner, id, at) {
      const former = findIn(state, owner, id)
      await store.completeRotation(owner, id, at)
      const wrong = former && further(former, at)
      if (wrong !== null) overwrite(state, owner, wrong.id, wrong.facts)
      return findIn(state, owner, id)
    },
  }))
}

export const completions: BrokenStores = {
  'leaves the predecessor to the clock': completing(({ rotatedFrom }) => ({
    id: rotatedFrom ?? '',
    facts: { revokedAt: null, revokedReason: null },
  })),
  'stays pending': completing(({ id, pending }) => ({ id, facts: { pending } })),
  'counts the completion as a change of the successor': completing((successor, at) =>
    successor.pending ? { id: successor.id, facts: { updatedAt: at } } : null,
  ),
  'completes again with a new time': completing(({ rotatedFrom }, at) => ({
    id: rotatedFrom ?? '',
    facts: { revokedAt: at, updatedAt: at, revokedReason: 'rotated' },
  })),
  'writes a completion past the end of the overlap': completing((successor, at) =>
    successor.pending && at > (successor.overlapEndsAt ?? 0)
      ? { id: successor.rotatedFrom ?? '', facts: { revokedAt: at, updatedAt: at } }
      : null,
  ),
  'needs a predecessor to complete': brokenIn((store, state) => ({
    async completeRotation(owner, id, at) {
      const record = findIn(state, owner, id)
      const isGone = record?.rotatedFrom && findIn(state, owner, record.rotatedFrom) === null
      return record && isGone ? record : store.completeRotation(owner, id, at)
    },
  })),
  'completes the rotation of a revoked successor': brokenIn((store, state) => ({
    async completeRotation(owner, id, at) {
      const record = findIn(state, owner, id)
      if (record?.pending && record.revokedAt !== null)
        overwrite(state, owner, record.rotatedFrom ?? '', { revokedAt: at, revokedReason: 'rotated' })
      return store.completeRotation(owner, id, at)
    },
  })),
  'revokes one predecessor of many': brokenIn((store, state) => ({
    async completeRotation(owner, id, at) {
      const { rotatedFrom = null } = findIn(state, owner, id) ?? {}
      const before = findIn(state, owner, rotatedFrom ?? '')
      const first = before?.pending ? findIn(state, owner, before.rotatedFrom ?? '') : null
      const answer = await store.completeRotation(owner, id, at)
      if (first !== null) overwrite(state, owner, first.id, first)
      return answer
    },
  })),
  'takes a token that was rotated for pending': brokenIn((store, state) => ({
    async completeRotation(owner, id, at) {
      await store.completeRotation(owner, id, at)
      return overwrite(state, owner, id, { overlapEndsAt: null })
    },
  })),
  'revokes the token that is used': brokenIn((store, state) => ({
    async completeRotation(owner, id, at) {
      const record = findIn(state, owner, id)
      if (record?.rotatedTo) overwrite(state, owner, id, { revokedAt: at, revokedReason: 'rotated' })
      return store.completeRotation(owner, id, at)
    },
  })),
  'completes by read and write': brokenIn((store, state) => ({
    async completeRotation(owner, id, at) {
      const record = findIn(state, owner, id)
      await roundTrip()
      if (record === null || !record.pending) return record
      overwrite(state, owner, record.rotatedFrom ?? '', { revokedAt: at, revokedReason: 'rotated', updatedAt: at })
      return overwrite(state, owner, id, { ...record, pending: false, overlapEndsAt: null })
    },
  })),
  'prunes the successor with its predecessor': brokenIn((store, state) => ({
    async prune(retention) {
      const former = state.records
      const removed = await store.prune(retention)
      const gone = new Set(former.filter((record) => !state.records.includes(record)).map(({ id }) => id))
      state.records = state.records.filter(({ rotatedFrom }) => rotatedFrom === null || !gone.has(rotatedFrom))
      return removed
    },
  })),
  'prunes nothing that only the clock has revoked': brokenIn((store, state) => ({
    async prune(retention) {
      const byClock = state.records.filter(
        (each) => each.revokedAt === null && asOf(each, retention.endedBefore).revokedAt !== null,
      )
      const removed = await store.prune(retention)
      const lost = byClock.filter(({ owner, id }) => findIn(state, owner, id) === null)
      state.records = [...state.records, ...lost]
      return removed - lost.length
    },
  })),
  'does not announce the predecessor': brokenIn((store, state) => ({
    async completeRotation(owner, id, at) {
      const former = state.changes
      const answer = await store.completeRotation(owner, id, at)
      state.changes = former
      if (answer !== null) announce(state, answer.digest)
      return answer
    },
  })),
  'does not announce the successor': brokenIn((store, state) => ({
    async completeRotation(owner, id, at) {
      const former = state.changes
      const answer = await store.completeRotation(owner, id, at)
      state.changes = former
      const predecessor = answer?.rotatedFrom && findIn(state, owner, answer.rotatedFrom)
      if (predecessor) announce(state, predecessor.digest)
      return answer
    },
  })),
}
