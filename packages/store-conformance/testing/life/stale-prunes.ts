import { asOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { isToken } from '../../src/model/naive-store/state.ts'
import type { NaiveState } from '../../src/model/naive-store/state.ts'
import { brokenIn, findIn, roundTrips } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

/** The time between what a pruning reads and what it removes. */
const GAP = 3

function endedIn({ records }: Readonly<NaiveState>, before: number): readonly TokenRecord[] {
  return records.filter((record) =>
    [asOf(record, before).revokedAt, record.expiresAt].some((end) => end !== null && end < before),
  )
}

/** Removes what `isGone` holds for, and counts it. */
function remove(state: NaiveState, isGone: (record: TokenRecord) => boolean): number {
  const former = state.records
  state.records = former.filter((record) => !isGone(record))
  return former.length - state.records.length
}

export const stalePrunes: BrokenStores = {
  'reads what has ended, and then prunes it by id': brokenIn((store, state) => ({
    async prune(retention) {
      const ended = endedIn(state, retention.endedBefore)
      await roundTrips(GAP)
      const removed = remove(state, (record) => ended.some(({ owner, id }) => isToken(owner, id)(record)))
      return removed + (await store.prune(retention))
    },
  })),
  'looks again at an expiry that moved, and not at the token': brokenIn((store, state) => ({
    async prune(retention) {
      const ended = endedIn(state, retention.endedBefore)
      await roundTrips(GAP)
      const isExtended = (record: TokenRecord) => (record.expiresAt ?? 0) >= retention.endedBefore
      const isGone = (record: TokenRecord) => ended.some(({ owner, id }) => isToken(owner, id)(record))
      return remove(state, (record) => isGone(record) && !isExtended(record)) + (await store.prune(retention))
    },
  })),
  'reads which keys have expired, and then prunes them': brokenIn((store, state) => ({
    async prune(retention) {
      const expired = state.requests.filter(({ expiresAt }) => expiresAt <= retention.now)
      await roundTrips(GAP)
      const isExpired = (owner: string, key: string) => expired.some((each) => each.owner === owner && each.key === key)
      state.requests = state.requests.filter(({ owner, key }) => !isExpired(owner, key))
      return store.prune(retention)
    },
  })),
  'leaves the digest that a rekey brought while it pruned': brokenIn((store, state) => {
    const orphans: TokenRecord[] = []
    return {
      async prune(retention) {
        const ended = endedIn(state, retention.endedBefore)
        await roundTrips(GAP)
        for (const { owner, id, digest } of ended) {
          const record = findIn(state, owner, id)
          if (record !== null && record.digest !== digest) orphans.push(record)
        }
        return store.prune(retention)
      },
      findByDigest: async (digests, shard) =>
        (await store.findByDigest(digests, shard)) ?? orphans.find(({ digest }) => digests.includes(digest)) ?? null,
    }
  }),
  'edits a token that was pruned meanwhile': brokenIn((store, state) => ({
    async edit(owner, id, edit) {
      const record = findIn(state, owner, id)
      await roundTrips(GAP)
      if (record !== null && findIn(state, owner, id) === null) state.records = [...state.records, record]
      return store.edit(owner, id, edit)
    },
  })),
}
