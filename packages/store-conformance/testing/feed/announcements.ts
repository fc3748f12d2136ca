import type { TokenRecord } from '@tessera/core'
import { announce } from '../../src/model/naive-store/changes.ts'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { broken, brokenIn, findIn, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** Makes a change and takes back what it wrote to the log. */
async function silently<T>(state: NaiveState, change: () => Promise<T>): Promise<T> {
  const former = state.changes
  const answer = change()
  state.changes = former
  return answer
}

/** A store that does something else than to write the log at once, when it revokes. */
function revoking(announcing: (state: NaiveState, record: TokenRecord) => Promise<void>): () => StepsOnStore {
  return broken((store, state) => ({
    async revoke(owner, id, at) {
      const former = findIn(state, owner, id)
      const record = await silently(state, () => store.revoke(owner, id, at))
      if (former !== null && former.revokedAt === null) await announcing(state, former)
      return record
    },
  }))
}

export const announcements: BrokenStores = {
  'does not announce revoke': revoking(async () => {}),
  'does not announce suspend': broken((store, state) => ({
    suspend: (...args) => silently(state, () => store.suspend(...args)),
  })),
  'does not announce resume': broken((store, state) => ({
    resume: (...args) => silently(state, () => store.resume(...args)),
  })),
  'does not announce edit': brokenIn((store, state) => ({
    edit: (...args) => silently(state, () => store.edit(...args)),
  })),
  'does not announce rotate': brokenIn((store, state) => ({
    rotate: (...args) => silently(state, () => store.rotate(...args)),
  })),
  'does not announce rekey': broken((store, state) => ({
    rekey: (...args) => silently(state, () => store.rekey(...args)),
  })),
  'announces the digest that a rekey brings': broken((store, state) => ({
    async rekey(owner, id, digest) {
      await silently(state, () => store.rekey(owner, id, digest))
      announce(state, digest)
    },
  })),
  'announces a revocation after acknowledging it': revoking(async (state, record) => {
    void roundTrip().then(() => announce(state, record.digest))
  }),
  'acknowledges a repeated revocation before the first is announced': revoking(async (state, record) => {
    await roundTrip()
    announce(state, record.digest)
  }),
  'announces a revocation before it is made': broken((store, state) => ({
    async revoke(owner, id, at) {
      const record = findIn(state, owner, id)
      if (record !== null && record.revokedAt === null) announce(state, record.digest)
      await roundTrip()
      return silently(state, () => store.revoke(owner, id, at))
    },
  })),
  'announces a rotation before it is made': broken((store, state) => ({
    async rotate(owner, id, rotation) {
      const record = findIn(state, owner, id)
      if (record !== null && record.rotatedTo === null) announce(state, record.digest)
      await roundTrip()
      return silently(state, () => store.rotate(owner, id, rotation))
    },
  })),
  'announces a completion before it is made': broken((store, state) => ({
    async completeRotation(owner, id, at) {
      const record = findIn(state, owner, id)
      if (record !== null && record.overlapEndsAt !== null) announce(state, record.digest)
      await roundTrip()
      return silently(state, () => store.completeRotation(owner, id, at))
    },
  })),
  'announces a rekey before it is made': broken((store, state) => ({
    async rekey(owner, id, digest) {
      const record = findIn(state, owner, id)
      if (record !== null && record.digest !== digest) announce(state, record.digest)
      await roundTrip()
      await silently(state, () => store.rekey(owner, id, digest))
    },
  })),
  'loses changes that are announced at the same time': revoking(async (state, record) => {
    const former = state.changes
    await roundTrip()
    state.changes = former
    announce(state, record.digest)
  }),
  'announces the digest that a token was issued with': broken((store, state) => {
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
