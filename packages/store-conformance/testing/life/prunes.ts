import type { TokenRecord } from '@tessera/core'
import { listRecords } from '../../src/model/naive-store/list.ts'
import { broken, findIn, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** A store that prunes what `isUseless` holds for. */
function pruning(isUseless: (record: TokenRecord, before: number) => boolean) {
  return broken((_store, state) => ({
    async prune({ endedBefore }) {
      const former = state.records
      state.records = former.filter((record) => !isUseless(record, endedBefore))
      return former.length - state.records.length
    },
  }))
}

const ended = (end: number | null, before: number) => end !== null && end < before

export const prunes: BrokenStores = {
  'prunes live tokens that are old': pruning(
    ({ createdAt, revokedAt, expiresAt }, before) =>
      createdAt < before - 1_000 || ended(revokedAt, before) || ended(expiresAt, before),
  ),
  'prunes suspended tokens': pruning(
    ({ suspendedAt, revokedAt, expiresAt }, before) =>
      ended(suspendedAt, before) || ended(revokedAt, before) || ended(expiresAt, before),
  ),
  'prunes what ends at the very instant': pruning(
    ({ revokedAt, expiresAt }, before) => ended(revokedAt, before + 1) || ended(expiresAt, before + 1),
  ),
  'prunes what was revoked at whatever time': pruning(
    ({ revokedAt, expiresAt }, before) => revokedAt !== null || ended(expiresAt, before),
  ),
  'leaves what has expired': pruning(({ revokedAt }, before) => ended(revokedAt, before)),
  'leaves what was revoked': pruning(({ expiresAt }, before) => ended(expiresAt, before)),
  'leaves what is suspended': pruning(
    ({ suspendedAt, revokedAt, expiresAt }, before) =>
      suspendedAt === null && (ended(revokedAt, before) || ended(expiresAt, before)),
  ),
  'goes by whichever end came last': pruning(({ revokedAt, expiresAt }, before) =>
    ended(Math.max(revokedAt ?? 0, expiresAt ?? 0) || null, before),
  ),
  'prunes tokens that have ended by now': broken((store) => ({
    prune: async ({ now }) => store.prune({ now, endedBefore: now }),
  })),
  'prunes idempotency keys a millisecond early': broken((store) => ({
    prune: async ({ now, endedBefore }) => store.prune({ now: now + 1, endedBefore }),
  })),
  'prunes up to the clock where it is asked for more': broken((store) => ({
    prune: async ({ now, endedBefore }) => store.prune({ now, endedBefore: Math.min(now, endedBefore) }),
  })),
  'prunes what is to end only': broken((store) => ({
    prune: async ({ now, endedBefore }) => store.prune({ now: Math.max(now, endedBefore), endedBefore }),
  })),
  'leaves pruning by hand to the schedule': broken((store) => {
    let isScheduled = false
    return {
      async prune(retention) {
        isScheduled ||= retention.onceInMs !== undefined
        return isScheduled && retention.onceInMs === undefined ? 0 : store.prune(retention)
      },
    }
  }),
  'prunes on a schedule from the second time on': broken((store) => {
    let isDue = false
    return {
      async prune(retention) {
        const isPruned = isDue || retention.onceInMs === undefined
        isDue = true
        return isPruned ? store.prune(retention) : 0
      },
    }
  }),
  'prunes at most 100 tokens': broken((store, state) => ({
    async prune(retention) {
      const kept = state.records.slice(100)
      state.records = state.records.slice(0, 100)
      const removed = await store.prune(retention)
      state.records = [...state.records, ...kept]
      return removed
    },
  })),
  'prunes by read, filter and write': broken((store, state) => ({
    async prune(retention) {
      const former = state.records
      await roundTrip()
      state.records = former
      return store.prune(retention)
    },
  })),
  'prunes the first owner only': broken((store, state) => ({
    async prune(retention) {
      const first = state.records[0]?.owner
      const others = state.records.filter(({ owner }) => owner !== first)
      state.records = state.records.filter(({ owner }) => owner === first)
      const removed = await store.prune(retention)
      state.records = [...state.records, ...others]
      return removed
    },
  })),
  'counts what it has already pruned': broken((store) => {
    let removed = 0
    return {
      async prune(retention) {
        removed += await store.prune(retention)
        return removed
      },
    }
  }),
  'finds what it has pruned by its digest': broken((store, state) => {
    const pruned = new Map<string, TokenRecord>()
    return {
      async prune(retention) {
        const former = state.records
        const removed = await store.prune(retention)
        for (const record of former)
          if (findIn(state, record.owner, record.id) === null) pruned.set(record.digest, record)
        return removed
      },
      async findByDigest(digests, shard) {
        const known = digests.map((digest) => pruned.get(digest)).find((record) => record !== undefined)
        return known ?? store.findByDigest(digests, shard)
      },
    }
  }),
  'lists what it has pruned, in an order it remembers': broken((store, state) => {
    const remembered = new Map<string, readonly TokenRecord[]>()
    return {
      async insert(record, conditions) {
        remembered.clear()
        return store.insert(record, conditions)
      },
      async list(query) {
        if (query.sort.by !== 'id') return store.list(query)
        const records = remembered.get(query.owner) ?? state.records
        remembered.set(query.owner, records)
        return listRecords(
          records.map((record) => findIn(state, record.owner, record.id) ?? record),
          query,
        )
      },
    }
  }),
  'keeps the ids of what it has pruned': broken((store, state) => {
    const taken = new Set<string>()
    return {
      async prune(retention) {
        for (const { owner, id } of state.records) taken.add(JSON.stringify([owner, id]))
        return store.prune(retention)
      },
      async insert(record, conditions) {
        const isPruned = taken.has(JSON.stringify([record.owner, record.id])) && !findIn(state, record.owner, record.id)
        return isPruned ? { outcome: 'id_taken' } : store.insert(record, conditions)
      },
    }
  }),
}
