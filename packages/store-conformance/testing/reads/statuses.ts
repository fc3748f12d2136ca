import type { Change } from '@tessera/core'
import { announce } from '../../src/model/naive-store/changes.ts'
import { write } from '../../src/model/naive-store/state.ts'
import type { ChangeAnswer } from '../../src/steps/steps-on.ts'
import { broken, brokenIn, findIn, overwrite, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

export const statuses: BrokenStores = {
  'revokes again with a new time': broken((_, state) => ({
    revoke: async (owner, id, at) => overwrite(state, owner, id, { revokedAt: at, updatedAt: at }),
  })),
  'revokes by read, merge and write': broken((_, state) => ({
    async revoke(owner, id, at) {
      const record = findIn(state, owner, id)
      await roundTrip()
      if (record === null || record.revokedAt !== null) return record
      write(state, { ...record, revokedAt: at, updatedAt: at })
      return findIn(state, owner, id)
    },
  })),
  'acknowledges a revocation before it is made': broken((store, state) => ({
    async revoke(owner, id, at) {
      const record = findIn(state, owner, id)
      void roundTrip().then(() => store.revoke(owner, id, at))
      return record && { ...record, revokedAt: at, updatedAt: at }
    },
  })),
  'answers with the record before the change': broken((store) => ({
    async revoke(owner, id, at) {
      const former = await store.find(owner, id)
      await store.revoke(owner, id, at)
      return former
    },
  })),
  'revokes without updatedAt': broken((_, state) => ({
    async revoke(owner, id, at) {
      const revokedAt = findIn(state, owner, id)?.revokedAt ?? at
      return overwrite(state, owner, id, { revokedAt })
    },
  })),
  'ends a suspension by revoking': broken((store, state) => ({
    async revoke(owner, id, at) {
      await store.revoke(owner, id, at)
      return overwrite(state, owner, id, { suspendedAt: null })
    },
  })),
  'does not revoke what has expired': broken((store, state) => ({
    async revoke(owner, id, at) {
      const record = findIn(state, owner, id)
      return (record?.expiresAt ?? Infinity) <= at ? record : store.revoke(owner, id, at)
    },
  })),
  'revokes all tokens of the owner': broken((store, state) => ({
    async revoke(owner, id, at) {
      for (const record of state.records) if (record.owner === owner) await store.revoke(owner, record.id, at)
      return store.find(owner, id)
    },
  })),
  'throws for an unknown token': broken((store, state) => ({
    async revoke(owner, id, at) {
      if (findIn(state, owner, id) === null) throw new Error('not found')
      return store.revoke(owner, id, at)
    },
    async suspend(owner, id, at) {
      if (findIn(state, owner, id) === null) throw new Error('not found')
      return store.suspend(owner, id, at)
    },
  })),
  'writes to the records it has handed out': broken((store, state) => ({
    async revoke(owner, id, at) {
      const record = findIn(state, owner, id)
      if (record === null || record.revokedAt !== null) return record
      announce(state, record.digest)
      return Object.assign(record, { revokedAt: at, updatedAt: at })
    },
  })),
  'suspends revoked tokens': broken((_, state) => ({
    suspend: async (owner, id, at) => overwrite(state, owner, id, { suspendedAt: at, updatedAt: at }),
  })),
  'suspends by read, merge and write': broken((_, state) => ({
    async suspend(owner, id, at) {
      const record = findIn(state, owner, id)
      await roundTrip()
      if (record === null || record.revokedAt !== null || record.suspendedAt !== null) return record
      write(state, { ...record, suspendedAt: at, updatedAt: at })
      return findIn(state, owner, id)
    },
  })),
  'does not suspend or resume what has expired': broken((store, state) => ({
    async suspend(owner, id, at) {
      const record = findIn(state, owner, id)
      return (record?.expiresAt ?? Infinity) <= at ? record : store.suspend(owner, id, at)
    },
  })),
  'suspends without updatedAt': broken((store, state) => ({
    async suspend(owner, id, at) {
      const updatedAt = findIn(state, owner, id)?.updatedAt ?? at
      await store.suspend(owner, id, at)
      return overwrite(state, owner, id, { updatedAt })
    },
  })),
  'resumes without updatedAt': broken((store, state) => ({
    async resume(owner, id, at) {
      const updatedAt = findIn(state, owner, id)?.updatedAt ?? at
      await store.resume(owner, id, at)
      return overwrite(state, owner, id, { updatedAt })
    },
  })),
  'suspends no token a second time': broken((store, state) => {
    const resumed = new Set<string>()
    return {
      async resume(owner, id, at) {
        resumed.add(id)
        return store.resume(owner, id, at)
      },
      suspend: async (owner, id, at) => (resumed.has(id) ? findIn(state, owner, id) : store.suspend(owner, id, at)),
    }
  }),
  'brings revoked tokens back by resuming': broken((store, state) => ({
    async resume(owner, id, at) {
      await store.resume(owner, id, at)
      return overwrite(state, owner, id, { revokedAt: null })
    },
  })),
  'resumes by read, merge and write': broken((_, state) => ({
    async resume(owner, id, at) {
      const record = findIn(state, owner, id)
      await roundTrip()
      if (record === null || record.revokedAt !== null || record.suspendedAt === null) return record
      write(state, { ...record, suspendedAt: null, updatedAt: at })
      return findIn(state, owner, id)
    },
  })),
  'touches a token that it need not resume': broken((store, state) => ({
    async resume(owner, id, at) {
      await store.resume(owner, id, at)
      return overwrite(state, owner, id, { updatedAt: at })
    },
  })),
  'keeps no reason': brokenIn((store) => ({
    revoke: (owner, id, revocation) => store.revoke(owner, id, { ...revocation, reason: 'requested' }),
  })),
  'revokes again with a new reason': brokenIn((store, state) => ({
    async revoke(owner, id, revocation) {
      const answer = await store.revoke(owner, id, revocation)
      overwrite(state, owner, id, { revokedReason: revocation.reason })
      return answer
    },
  })),
  'leaves no mark of a repeated suspension': brokenIn((store, state) => ({
    async suspend(owner, id, change) {
      const record = findIn(state, owner, id)
      const isSuspended = record !== null && record.suspendedAt !== null && record.revokedAt === null
      return isSuspended ? { outcome: 'done', record } : store.suspend(owner, id, change)
    },
  })),
  'resumes however late it is': brokenIn((store, state) => ({
    async resume(owner, id, change) {
      const updatedAt = findIn(state, owner, id)?.updatedAt ?? change.at
      return store.resume(owner, id, { ...change, at: Math.max(change.at, updatedAt) })
    },
  })),
  'refuses to revoke, suspend or resume what is so already': brokenIn((store, state) => {
    const refusing =
      <Wish extends Change>(step: (owner: string, id: string, wish: Wish) => Promise<ChangeAnswer>): typeof step =>
      async (owner, id, wish) => {
        const before = findIn(state, owner, id)
        const answer = await step(owner, id, wish)
        const isSame = before !== null && findIn(state, owner, id) === before
        return isSame && answer.outcome === 'done' ? { outcome: 'not_allowed', record: before } : answer
      }
    return { revoke: refusing(store.revoke), suspend: refusing(store.suspend), resume: refusing(store.resume) }
  }),
  'takes an unknown token for a conflict': brokenIn((store) => {
    const conflicting =
      <Wish extends Change>(step: (owner: string, id: string, wish: Wish) => Promise<ChangeAnswer>): typeof step =>
      async (...args) => {
        const answer = await step(...args)
        return answer.outcome === 'not_found' ? { outcome: 'idempotency_conflict' } : answer
      }
    return { revoke: conflicting(store.revoke), suspend: conflicting(store.suspend), resume: conflicting(store.resume) }
  }),
}
