import { shardOf } from '@tessera/core'
import type { BulkRevocation, TokenRecord } from '@tessera/core'
import { announceOwner } from '../../src/model/naive-store/changes.ts'
import { decideForMany } from '../../src/model/naive-store/requests.ts'
import type { StepsOnStore } from '../../src/steps/steps-on.ts'
import { brokenIn, overwrite, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** A store that revokes as if something else had been asked for. */
function revokingAs(other: (selection: BulkRevocation) => Partial<BulkRevocation>): () => StepsOnStore {
  return brokenIn((store) => ({
    revokeAll: (owner, selection) => store.revokeAll(owner, { ...selection, ...other(selection) }),
  }))
}

/** A store that does without some tokens while it revokes the rest. */
function sparing(
  spared: (index: number, token: { readonly suspendedAt: number | null; readonly expiresAt: number | null }) => boolean,
): () => StepsOnStore {
  return brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const kept = state.records.filter((record, index) => spared(index, record))
      state.records = state.records.filter((record) => !kept.includes(record))
      const answer = await store.revokeAll(owner, selection)
      state.records = [...kept, ...state.records]
      return answer
    },
  }))
}

/** A store that does without some tokens while it revokes those that are unused. */
function sparingUnused(spared: (token: TokenRecord, before: number) => boolean): () => StepsOnStore {
  return brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const { lastUsedBefore } = selection
      if (lastUsedBefore === undefined) return store.revokeAll(owner, selection)
      const kept = state.records.filter((record) => spared(record, lastUsedBefore))
      state.records = state.records.filter((record) => !kept.includes(record))
      const answer = await store.revokeAll(owner, selection)
      state.records = [...kept, ...state.records]
      return answer
    },
  }))
}

export const bulk: BrokenStores = {
  'revokes the spared token too': revokingAs(() => ({ exceptId: null })),
  'revokes whenever it was issued': revokingAs(() => ({ issuedBefore: null })),
  'revokes what was issued at the very instant': revokingAs(({ issuedBefore }) => ({
    issuedBefore: issuedBefore && issuedBefore + 1,
  })),
  'revokes whatever was used': revokingAs(() => ({ lastUsedBefore: undefined })),
  'revokes what was used at the very instant': revokingAs(({ lastUsedBefore }) => ({
    lastUsedBefore: lastUsedBefore && lastUsedBefore + 1,
  })),
  'never finds unused what was never used': sparingUnused(({ lastUsedAt }) => lastUsedAt === null),
  'goes by the creation of what was used': sparingUnused(({ lastUsedAt, createdAt }, before) => {
    return lastUsedAt !== null && createdAt >= before
  }),
  'finds unused whatever was not used of late, however young': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const { records } = state
      if (selection.lastUsedBefore !== undefined) {
        state.records = records.map((record) => ({ ...record, lastUsedAt: record.lastUsedAt ?? 0 }))
      }
      return store.revokeAll(owner, selection)
    },
  })),
  'looks at uses before it revokes': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const { lastUsedBefore, ...others } = selection
      if (lastUsedBefore === undefined) return store.revokeAll(owner, selection)
      const used = state.records.filter(({ lastUsedAt, createdAt }) => (lastUsedAt ?? createdAt) >= lastUsedBefore)
      await roundTrip()
      const spared = state.records.filter(({ id }) => used.some((record) => record.id === id))
      state.records = state.records.filter((record) => !spared.includes(record))
      const answer = await store.revokeAll(owner, others)
      state.records = [...spared, ...state.records]
      return answer
    },
  })),
  'revokes whatever the scopes': revokingAs(() => ({ scope: null })),
  'forgets why it revoked many': revokingAs(() => ({ reason: 'requested' })),
  'has no idempotency for many': revokingAs(() => ({ idempotency: null })),
  'revokes at most 100 tokens': sparing((index) => index >= 100),
  'revokes no suspended token in bulk': sparing((_, { suspendedAt }) => suspendedAt !== null),
  'revokes no expired token in bulk': sparing((_, { expiresAt }) => expiresAt !== null),
  'revokes the tokens of all owners in the shard': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const owners = new Set(state.records.map((record) => record.owner))
      for (const other of owners) {
        if (other !== owner && shardOf(other) === shardOf(owner)) await store.revokeAll(other, selection)
      }
      return store.revokeAll(owner, selection)
    },
  })),
  'counts all tokens as revoked': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const answer = await store.revokeAll(owner, selection)
      if (answer.outcome !== 'done') return answer
      return { ...answer, revoked: state.records.filter((record) => record.owner === owner).length }
    },
  })),
  'revokes many again with a new time': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const former = state.records.filter((record) => record.owner === owner && record.revokedAt !== null)
      const answer = await store.revokeAll(owner, selection)
      for (const { id } of former) overwrite(state, owner, id, { revokedAt: selection.at, updatedAt: selection.at })
      return answer
    },
  })),
  'leaves to the clock what it has revoked': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const rotated = state.records.filter((record) => record.rotatedTo !== null && record.revokedAt === null)
      const answer = await store.revokeAll(owner, selection)
      for (const { id } of rotated) overwrite(state, owner, id, { revokedAt: null, revokedReason: null })
      return answer
    },
  })),
  'acknowledges before all are revoked': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const answer = decideForMany(state, owner, selection.idempotency, selection.at)
      if (answer !== null) return answer
      const count = state.records.filter((record) => record.owner === owner && record.revokedAt === null).length
      void roundTrip().then(() => store.revokeAll(owner, selection))
      return { outcome: 'done', revoked: count }
    },
  })),
  'revokes many by read, merge and write': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const former = state.records
      await roundTrip()
      await roundTrip()
      const answer = await store.revokeAll(owner, selection)
      for (const { id, rotatedTo } of former) {
        if (rotatedTo === null) overwrite(state, owner, id, { revokedAt: null, revokedReason: null })
      }
      return answer
    },
  })),
  'does not announce a bulk revocation': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const former = state.changes
      const answer = await store.revokeAll(owner, selection)
      state.changes = former
      return answer
    },
  })),
  'announces another owner than the one whose tokens it revoked': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const former = state.changes
      const answer = await store.revokeAll(owner, selection)
      const isAnnounced = state.changes !== former
      state.changes = former
      if (isAnnounced) announceOwner(state, `${owner}-${owner}`)
      return answer
    },
  })),
  'announces an owner whose tokens it is about to revoke': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      announceOwner(state, owner)
      await roundTrip()
      const former = state.changes
      const answer = await store.revokeAll(owner, selection)
      state.changes = former
      return answer
    },
  })),
  'announces the first of a bulk revocation': brokenIn((store, state) => ({
    async revokeAll(owner, selection) {
      const former = state.changes
      const answer = await store.revokeAll(owner, selection)
      state.changes = state.changes.slice(0, former.length + 1)
      return answer
    },
  })),
}
