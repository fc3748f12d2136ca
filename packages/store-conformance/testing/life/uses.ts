import { write } from '../../src/model/naive-store/state.ts'
import { broken, findIn, overwrite, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

export const uses: BrokenStores = {
  'records a use by read, merge and write': broken((_, state) => ({
    async recordUse(batch) {
      for (const { owner, id, at } of batch) {
        const record = findIn(state, owner, id)
        await roundTrip()
        if (record !== null && at > (record.lastUsedAt ?? -1)) write(state, { ...record, lastUsedAt: at })
      }
    },
  })),
  'moves the last use backwards': broken((_, state) => ({
    async recordUse(batch) {
      for (const { owner, id, at } of batch) overwrite(state, owner, id, { lastUsedAt: at })
    },
  })),
  'compares a use and then writes it': broken((_, state) => ({
    async recordUse(batch) {
      for (const { owner, id, at } of batch) {
        const isLater = at > (findIn(state, owner, id)?.lastUsedAt ?? -1)
        await roundTrip()
        if (isLater) overwrite(state, owner, id, { lastUsedAt: at })
      }
    },
  })),
  'records one use of a batch': broken((store) => ({
    recordUse: (batch) => store.recordUse(batch.slice(0, 1)),
  })),
  'records at most 100 uses of a batch': broken((store) => ({
    recordUse: (batch) => store.recordUse(batch.slice(0, 100)),
  })),
  'gives up a batch at an unknown token': broken((store, state) => ({
    recordUse(batch) {
      const unknown = batch.findIndex(({ owner, id }) => findIn(state, owner, id) === null)
      return store.recordUse(unknown === -1 ? batch : batch.slice(0, unknown))
    },
  })),
  'fails on an empty batch': broken((store) => ({
    async recordUse(batch) {
      if (batch.length === 0) throw new RangeError('an empty pipeline')
      return store.recordUse(batch)
    },
  })),
  'counts a use as a change': broken((store, state) => ({
    async recordUse(batch) {
      await store.recordUse(batch)
      for (const { owner, id, at } of batch) overwrite(state, owner, id, { updatedAt: at })
    },
  })),
  'records no use of a revoked token': broken((store, state) => ({
    recordUse: (batch) =>
      store.recordUse(batch.filter(({ owner, id }) => findIn(state, owner, id)?.revokedAt === null)),
  })),
}
