import type { RotateOutcome, Rotation, TokenRecord } from '@tessera/core'
import { decideRotation, keepRotated } from '../../src/model/naive-store/rotate.ts'
import { isToken } from '../../src/model/naive-store/state.ts'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { brokenIn, findIn, overwrite, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** A store that keeps other facts about the token or its successor than it should. */
function rotatingTo(
  token: (record: TokenRecord) => Partial<TokenRecord>,
  successor: (record: TokenRecord, former: TokenRecord) => Partial<TokenRecord> = () => ({}),
): () => StepsOnStore {
  return deciding((answer, state) => {
    const former = findIn(state, answer.record.owner, answer.record.id) ?? answer.record
    return {
      ...answer,
      record: { ...answer.record, ...token(answer.record) },
      successor: { ...answer.successor, ...successor(answer.successor, former) },
    }
  })
}

/** A store that decides otherwise about a token that can be rotated. */
function deciding(
  mistake: (
    answer: Extract<RotateOutcome, { outcome: 'rotated' }>,
    state: NaiveState,
    rotation: Rotation,
  ) => RotateOutcome,
): () => StepsOnStore {
  return brokenIn((_store, state) => ({
    async rotate(owner, id, rotation) {
      const right = decideRotation(state, owner, id, rotation)
      const decision = right.outcome === 'rotated' ? mistake(right, state, rotation) : right
      if (decision.outcome === 'rotated') keepRotated(state, decision, rotation)
      return decision
    },
  }))
}

/** A store that rotates a token as if it were another. */
function rotatingAs(other: (record: TokenRecord) => Partial<TokenRecord>): () => StepsOnStore {
  return brokenIn((_store, state) => ({
    async rotate(owner, id, rotation) {
      const seen = state.records.map((record) =>
        isToken(owner, id)(record) ? { ...record, ...other(record) } : record,
      )
      const decision = decideRotation({ ...state, records: seen }, owner, id, rotation)
      if (decision.outcome === 'rotated') keepRotated(state, decision, rotation)
      return decision
    },
  }))
}

export const rotations: BrokenStores = {
  'rotates by read and write': brokenIn((_store, state) => ({
    async rotate(owner, id, rotation) {
      const decision = decideRotation(state, owner, id, rotation)
      await roundTrip()
      if (decision.outcome === 'rotated') keepRotated(state, decision, rotation)
      return decision
    },
  })),
  'does not link the token to its successor': rotatingTo(() => ({ rotatedTo: null })),
  'does not link the successor to its token': rotatingTo(
    () => ({}),
    () => ({ rotatedFrom: null }),
  ),
  'keeps the overlap of the token only': rotatingTo(
    () => ({}),
    () => ({ overlapEndsAt: null }),
  ),
  'lets the overlap pass the expiry': deciding((answer, _state, { at, overlapMs }) => {
    const overlapEndsAt = overlapMs === 0 ? answer.successor.overlapEndsAt : at + overlapMs
    const { record, successor } = answer
    return { ...answer, record: { ...record, overlapEndsAt }, successor: { ...successor, overlapEndsAt } }
  }),
  'gives the successor no expiry': rotatingTo(
    () => ({}),
    () => ({ expiresAt: null }),
  ),
  'hands on what the token was issued with': brokenIn((store, state) => {
    const issued = new Map<string, TokenRecord>()
    return {
      async insert(record, conditions) {
        issued.set(record.id, record)
        return store.insert(record, conditions)
      },
      async rotate(owner, id, rotation) {
        const { name, scopes } = issued.get(id) ?? findIn(state, owner, id) ?? { name: '', scopes: [] }
        const answer = await store.rotate(owner, id, rotation)
        if (answer.outcome !== 'rotated') return answer
        overwrite(state, owner, answer.successor.id, { name, scopes })
        return { ...answer, successor: { ...answer.successor, name, scopes } }
      },
    }
  }),
  'hands on the last use': rotatingTo(
    () => ({}),
    (_successor, { lastUsedAt }) => ({ lastUsedAt }),
  ),
  'leaves an overlap of 0 to the clock': rotatingTo(() => ({ revokedAt: null, revokedReason: null })),
  'rotates without a change of updatedAt': rotatingTo(({ createdAt }) => ({ updatedAt: createdAt })),
  'forgets the sealed secret': rotatingTo(() => ({ sealedSuccessor: null })),
  'keeps the sealed secret of a revoked token': brokenIn((store, state) => ({
    async revoke(owner, id, revocation) {
      const sealedSuccessor = findIn(state, owner, id)?.sealedSuccessor ?? null
      await store.revoke(owner, id, revocation)
      const record = overwrite(state, owner, id, { sealedSuccessor })
      return record === null ? { outcome: 'not_found' } : { outcome: 'done', record }
    },
  })),
  'revokes past the end of the overlap': brokenIn((store, state) => ({
    async revoke(owner, id, revocation) {
      const { at, reason } = revocation
      const isWritten = (findIn(state, owner, id)?.revokedAt ?? null) !== null
      const answer = await store.revoke(owner, id, revocation)
      if (isWritten || answer.outcome !== 'done') return answer
      const record = overwrite(state, owner, id, { revokedAt: at, updatedAt: at, revokedReason: reason })
      return record === null ? { outcome: 'not_found' } : { outcome: 'done', record }
    },
  })),
  'writes nothing for what the clock has revoked': brokenIn((store, state) => ({
    async revoke(owner, id, revocation) {
      const record = findIn(state, owner, id)
      const isOver = record?.rotatedTo && (record.overlapEndsAt ?? Infinity) <= revocation.at
      return record && isOver ? { outcome: 'done', record } : store.revoke(owner, id, revocation)
    },
  })),
  'suspends, resumes, edits and rotates when the overlap is over': brokenIn((store) => ({
    suspend: (owner, id, change) => store.suspend(owner, id, { ...change, at: change.at - 1 }),
    resume: (owner, id, change) => store.resume(owner, id, { ...change, at: change.at - 1 }),
    edit: (owner, id, edit) => store.edit(owner, id, { ...edit, at: edit.at - 1 }),
    rotate: (owner, id, rotation) => store.rotate(owner, id, { ...rotation, at: rotation.at - 1 }),
  })),
  'counts a token that was rotated': brokenIn((store, state) => ({
    async insert(record, conditions) {
      const rotated = state.records.filter((other) => other.rotatedTo !== null && other.revokedAt === null).length
      const { activeLimit } = conditions
      return store.insert(record, { ...conditions, activeLimit: activeLimit && activeLimit - rotated })
    },
  })),
  'counts no successor': brokenIn((store, state) => ({
    async insert(record, conditions) {
      const successors = state.records.filter((other) => other.rotatedFrom !== null && other.revokedAt === null).length
      const { activeLimit } = conditions
      return store.insert(record, { ...conditions, activeLimit: activeLimit && activeLimit + successors })
    },
  })),
  'rotates what is suspended': rotatingAs(() => ({ suspendedAt: null })),
  'rotates what has expired': rotatingAs(() => ({ expiresAt: null })),
  'rotates what was revoked': rotatingAs(() => ({ revokedAt: null })),
  'leaves the unused successor of a token that is rotated again': rotatingAs(() => ({ rotatedTo: null })),
  'revokes one unused successor of many': deciding((answer) => ({ ...answer, ended: answer.ended.slice(0, 1) })),
  'lengthens the overlap of a token that is rotated again': deciding((answer, state, { at, overlapMs }) => {
    const former = findIn(state, answer.record.owner, answer.record.id)
    if (former?.rotatedTo === null || overlapMs === 0) return answer
    return { ...answer, record: { ...answer.record, overlapEndsAt: at + overlapMs } }
  }),
  'gives a successor beyond the limit': brokenIn((store) => ({
    rotate: (owner, id, rotation) => store.rotate(owner, id, { ...rotation, activeLimit: null }),
  })),
  'answers a repeated rotation with what was asked for': brokenIn((store) => ({
    async rotate(owner, id, rotation) {
      const answer = await store.rotate(owner, id, rotation)
      if (answer.outcome !== 'already_rotated') return answer
      return { ...answer, successor: { ...answer.successor, ...rotation.successor } }
    },
  })),
  'fails where the successor is gone': brokenIn((store, state) => ({
    async rotate(owner, id, rotation) {
      const { rotatedTo = null } = findIn(state, owner, id) ?? {}
      const isGone = rotatedTo !== null && findIn(state, owner, rotatedTo) === null
      return isGone ? { outcome: 'not_found' } : store.rotate(owner, id, rotation)
    },
  })),
  'rotates to an id that is taken': brokenIn((_store, state) => ({
    async rotate(owner, id, rotation) {
      const others = state.records.filter((record) => record.id !== rotation.successor.id)
      const decision = decideRotation({ ...state, records: others }, owner, id, rotation)
      if (decision.outcome === 'rotated') keepRotated(state, decision, rotation)
      return decision
    },
  })),
  'revokes the predecessor of a token that nobody has used': brokenIn((store, state) => ({
    async rotate(owner, id, rotation) {
      const former = findIn(state, owner, id)
      const answer = await store.rotate(owner, id, rotation)
      if (former?.pending && answer.outcome === 'rotated')
        overwrite(state, owner, former.rotatedFrom ?? '', { revokedAt: rotation.at, revokedReason: 'rotated' })
      return answer
    },
  })),
  'undoes a revocation by rotating': brokenIn((store, state) => ({
    async rotate(owner, id, rotation) {
      const former = findIn(state, owner, id)
      await roundTrip()
      const answer = await store.rotate(owner, id, rotation)
      if (former !== null && former.revokedAt === null)
        overwrite(state, owner, id, { revokedAt: null, revokedReason: null })
      return answer
    },
  })),
}
