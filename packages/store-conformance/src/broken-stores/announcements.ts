import type { TokenRecord, TokenStore } from '@tessera/core'
import { announce } from '../naive-store/changes.ts'
import type { NaiveState } from '../naive-store/state.ts'
import { broken, brokenIn, findIn, roundTrip } from './broken.ts'
import type { BrokenStores } from './broken.ts'

/** Makes a change and takes back what it wrote to the log. */
async function silently<T>(state: NaiveState, change: () => Promise<T>): Promise<T> {
  const former = state.changes
  const answer = change()
  state.changes = former
  return answer
}

/** A store that does something else than to write the log at once, when it revokes. */
function revoking(tell: (state: NaiveState, record: TokenRecord) => Promise<void>): () => TokenStore {
  return broken((store, state) => ({
    async revoke(owner, id, at) {
      const former = findIn(state, owner, id)
      const record = await silently(state, () => store.revoke(owner, id, at))
      if (former !== null && former.revokedAt === null) await tell(state, former)
      return record
    },
  }))
}

export const announcements: BrokenStores = {
  'does not tell of revoke': revoking(async () => {}),
  'does not tell of suspend': broken((store, state) => ({
    suspend: (...args) => silently(state, () => store.suspend(...args)),
  })),
  'does not tell of resume': broken((store, state) => ({
    resume: (...args) => silently(state, () => store.resume(...args)),
  })),
  'does not tell of edit': brokenIn((store, state) => ({
    edit: (...args) => silently(state, () => store.edit(...args)),
  })),
  'does not tell of rotate': brokenIn((store, state) => ({
    rotate: (...args) => silently(state, () => store.rotate(...args)),
  })),
  'does not tell of rekey': broken((store, state) => ({
    rekey: (...args) => silently(state, () => store.rekey(...args)),
  })),
  'tells of the digest that a rekey brings': broken((store, state) => ({
    async rekey(owner, id, digest) {
      await silently(state, () => store.rekey(owner, id, digest))
      announce(state, digest)
    },
  })),
  'tells of a revocation after acknowledging it': revoking(async (state, record) => {
    void roundTrip().then(() => announce(state, record.digest))
  }),
  'acknowledges a repeated revocation before the first is told of': revoking(async (state, record) => {
    await roundTrip()
    announce(state, record.digest)
  }),
  'tells of a revocation before it is made': broken((store, state) => ({
    async revoke(owner, id, at) {
      const record = findIn(state, owner, id)
      if (record !== null && record.revokedAt === null) announce(state, record.digest)
      await roundTrip()
      return silently(state, () => store.revoke(owner, id, at))
    },
  })),
  'tells of a rotation before it is made': broken((store, state) => ({
    async rotate(owner, id, rotation) {
      const record = findIn(state, owner, id)
      if (record !== null && record.rotatedTo === null) announce(state, record.digest)
      await roundTrip()
      return silently(state, () => store.rotate(owner, id, rotation))
    },
  })),
  'tells of a completion before it is made': broken((store, state) => ({
    async completeRotation(owner, id, at) {
      const record = findIn(state, owner, id)
      if (record !== null && record.overlapEndsAt !== null) announce(state, record.digest)
      await roundTrip()
      return silently(state, () => store.completeRotation(owner, id, at))
    },
  })),
  'tells of a rekey before it is made': broken((store, state) => ({
    async rekey(owner, id, digest) {
      const record = findIn(state, owner, id)
      if (record !== null && record.digest !== digest) announce(state, record.digest)
      await roundTrip()
      await silently(state, () => store.rekey(owner, id, digest))
    },
  })),
  'loses changes that are told of at the same time': revoking(async (state, record) => {
    const former = state.changes
    await roundTrip()
    state.changes = former
    announce(state, record.digest)
  }),
  'tells of the digest that a token was issued with': broken((store, state) => {
    const issued = new Map<string, string>()
    return {
      async insert(record, conditions) {
        issued.set(record.id, record.digest)
        return store.insert(record, conditions)
      },
      async revoke(owner, id, at) {
        const isRevoked = findIn(state, owner, id)?.revokedAt !== null
        const record = await silently(state, () => store.revoke(owner, id, at))
        if (!isRevoked) announce(state, issued.get(id) ?? '')
        return record
      },
    }
  }),
}
