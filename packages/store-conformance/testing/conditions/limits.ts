import { shardOf } from '@tessera/core'
import { decideInsert, keepInserted } from '../../src/model/naive-store/insert.ts'
import { broken, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'
import { deciding, seeing } from '../broken/deciding.ts'

export const limits: BrokenStores = {
  'counts, and then inserts': broken((_, state) => ({
    async insert(record, conditions) {
      const decision = decideInsert(state, record, conditions)
      await roundTrip()
      if (decision.outcome === 'inserted') keepInserted(state, record, conditions)
      return decision
    },
  })),
  'lets one too many in': deciding(({ conditions }) => ({
    conditions: { ...conditions, activeLimit: conditions.activeLimit && conditions.activeLimit + 1 },
  })),
  'does not count suspended tokens': deciding((grounds) =>
    seeing(grounds, (record) => ({ ...record, revokedAt: record.revokedAt ?? record.suspendedAt })),
  ),
  'counts revoked tokens': deciding((grounds) => seeing(grounds, (record) => ({ ...record, revokedAt: null }))),
  'counts expired tokens': deciding((grounds) => seeing(grounds, (record) => ({ ...record, expiresAt: null }))),
  'counts a token at the instant of its expiry': deciding((grounds) =>
    seeing(grounds, (record) => ({ ...record, expiresAt: record.expiresAt && record.expiresAt + 1 })),
  ),
  'counts the tokens of all owners': deciding((grounds) =>
    seeing(grounds, (record) => ({ ...record, owner: grounds.record.owner })),
  ),
  'counts the tokens of all owners in the shard': deciding((grounds) =>
    seeing(grounds, (record) => {
      const { owner } = grounds.record
      return shardOf(record.owner) === shardOf(owner) ? { ...record, owner } : record
    }),
  ),
  'limits an owner to 25 where there is no limit': deciding(({ conditions }) => ({
    conditions: { ...conditions, activeLimit: conditions.activeLimit ?? 25 },
  })),
  'keeps a clock that never goes back': () => {
    let latest = 0
    return deciding(({ conditions }) => {
      latest = Math.max(latest, conditions.now)
      return { conditions: { ...conditions, now: latest } }
    })()
  },
  'says the limit for the number of active tokens': broken((store) => ({
    async insert(record, conditions) {
      const answer = await store.insert(record, conditions)
      return answer.outcome === 'limit_reached' ? { ...answer, active: conditions.activeLimit ?? 0 } : answer
    },
  })),
  'keeps a token that it refused': broken((store, state) => ({
    async insert(record, conditions) {
      const answer = await store.insert(record, conditions)
      if (answer.outcome === 'limit_reached') keepInserted(state, record, { ...conditions, idempotency: null })
      return answer
    },
  })),
  'counts down for each revocation, the repeated ones too': broken((store) => {
    const counts = new Map<string, number>()
    const add = (owner: string, by: number) => counts.set(owner, (counts.get(owner) ?? 0) + by)
    return {
      async insert(record, conditions) {
        const active = counts.get(record.owner) ?? 0
        if (conditions.activeLimit !== null && active >= conditions.activeLimit)
          return { outcome: 'limit_reached', active }
        const answer = await store.insert(record, { ...conditions, activeLimit: null })
        if (answer.outcome === 'inserted') add(record.owner, 1)
        return answer
      },
      async revoke(owner, id, at) {
        const record = await store.revoke(owner, id, at)
        if (record !== null) add(owner, -1)
        return record
      },
    }
  }),
  'counts down for what is pruned, although it counted down before': broken((store, state) => {
    let pruned = 0
    return {
      async insert(record, conditions) {
        const { activeLimit } = conditions
        return store.insert(record, { ...conditions, activeLimit: activeLimit && activeLimit + pruned })
      },
      async prune(retention) {
        const removed = await store.prune(retention)
        pruned += state.records.length > 0 ? removed : 0
        return removed
      },
    }
  }),
  'counts the expiries of what it has pruned': broken((store, state) => {
    const expiries: number[] = []
    return {
      async insert(record, conditions) {
        const pruned = expiries.filter((expiry) => conditions.now < expiry).length
        return store.insert(record, {
          ...conditions,
          activeLimit: conditions.activeLimit && conditions.activeLimit - pruned,
        })
      },
      async prune(retention) {
        const former = state.records
        const removed = await store.prune(retention)
        for (const record of former) if (!state.records.includes(record)) expiries.push(record.expiresAt ?? 0)
        return removed
      },
    }
  }),
}
