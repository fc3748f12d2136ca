import { announce } from '../../src/model/naive-store/changes.ts'
import { write } from '../../src/model/naive-store/state.ts'
import { broken, findIn, overwrite, roundTrip } from '../broken/broken.ts'
import type { BrokenStores } from '../broken/broken.ts'

export const digests: BrokenStores = {
  'looks at the first of several digests only': broken((store) => ({
    findByDigest: (candidates, shard) => store.findByDigest(candidates.slice(0, 1), shard),
  })),
  'looks digests up one after the other': broken((store) => ({
    async findByDigest(candidates, shard) {
      for (const digest of candidates) {
        const record = await store.findByDigest([digest], shard)
        if (record !== null) return record
        await roundTrip()
      }
      return null
    },
  })),
  'finds nothing under the digests of several tokens': broken((store, state) => ({
    async findByDigest(candidates, shard) {
      const found = state.records.filter(({ digest }) => candidates.includes(digest))
      return found.length > 1 ? null : store.findByDigest(candidates, shard)
    },
  })),
  'fails for no digest': broken((store) => ({
    async findByDigest(candidates, shard) {
      if (candidates.length === 0) throw new RangeError('nothing to look for')
      return store.findByDigest(candidates, shard)
    },
  })),
  'compares digests without regard to case': broken((_, state) => ({
    async findByDigest(candidates) {
      const lower = candidates.map((digest) => digest.toLowerCase())
      return state.records.find(({ digest }) => lower.includes(digest.toLowerCase())) ?? null
    },
  })),
  'compares the beginning of digests': broken((_, state) => ({
    findByDigest: async (candidates) =>
      state.records.find(({ digest }) =>
        candidates.some((candidate) => candidate !== '' && digest.startsWith(candidate)),
      ) ?? null,
  })),
  'finds any token of the shard': broken((store, state) => ({
    async findByDigest(candidates, shard) {
      const record = await store.findByDigest(candidates, shard)
      return record && (state.records.find(({ owner }) => owner === record.owner) ?? null)
    },
  })),
  'does not show by digest that a token is suspended': broken((store) => ({
    async findByDigest(candidates, shard) {
      const record = await store.findByDigest(candidates, shard)
      return record && { ...record, suspendedAt: null }
    },
  })),
  'reads digests from a replica that lags behind': broken((store, state) => {
    let replica = state.records
    return {
      async insert(record, conditions) {
        const answer = await store.insert(record, conditions)
        replica = state.records
        return answer
      },
      async findByDigest(candidates) {
        const record = replica.find(({ digest }) => candidates.includes(digest)) ?? null
        replica = state.records
        return record
      },
    }
  }),
  'keeps few shards': broken((store) => ({
    findByDigest: async (candidates, shard) => (shard < 'E' ? store.findByDigest(candidates, shard) : null),
  })),
  'finds a token by the digest it had before': broken((store, state) => {
    const former = new Map<string, { owner: string; id: string }>()
    return {
      async rekey(owner, id, digest) {
        const record = findIn(state, owner, id)
        if (record !== null) former.set(record.digest, { owner, id })
        await store.rekey(owner, id, digest)
      },
      async findByDigest(candidates, shard) {
        const found = await store.findByDigest(candidates, shard)
        if (found !== null) return found
        const moved = candidates.map((digest) => former.get(digest)).find((token) => token !== undefined)
        return moved === undefined ? null : findIn(state, moved.owner, moved.id)
      },
    }
  }),
  'takes the old digest away, and then keeps the new one': broken((store, state) => ({
    async rekey(owner, id, digest) {
      const record = findIn(state, owner, id)
      if (record === null || record.digest === digest) return
      write(state, { ...record, digest: '' })
      await roundTrip()
      announce(state, record.digest)
      overwrite(state, owner, id, { digest })
    },
  })),
  'rekeys by read, merge and write': broken((_, state) => ({
    async rekey(owner, id, digest) {
      const record = findIn(state, owner, id)
      await roundTrip()
      if (record === null || record.digest === digest) return
      write(state, { ...record, digest })
      announce(state, record.digest)
    },
  })),
  'counts a rekey as a change of the token': broken((store, state) => ({
    async rekey(owner, id, digest) {
      await store.rekey(owner, id, digest)
      const record = findIn(state, owner, id)
      if (record !== null) write(state, { ...record, updatedAt: record.updatedAt + 1 })
    },
  })),
  'loses a token that is rekeyed to its own digest': broken((store, state) => ({
    async rekey(owner, id, digest) {
      const isSame = findIn(state, owner, id)?.digest === digest
      if (isSame) state.records = state.records.filter((record) => record.id !== id)
      else await store.rekey(owner, id, digest)
    },
  })),
  'keeps a digest for a token that it does not have': broken((store, state) => {
    const orphans = new Set<string>()
    return {
      async rekey(owner, id, digest) {
        if (findIn(state, owner, id) === null) orphans.add(digest)
        else await store.rekey(owner, id, digest)
      },
      async findByDigest(candidates, shard) {
        const found = await store.findByDigest(candidates, shard)
        const [first] = state.records
        return found ?? (candidates.some((digest) => orphans.has(digest)) ? (first ?? null) : null)
      },
    }
  }),
  'does not rekey at all': broken(() => ({ rekey: async () => {} })),
  'brings a revoked token back when it is rekeyed': broken((store, state) => ({
    async rekey(owner, id, digest) {
      await store.rekey(owner, id, digest)
      overwrite(state, owner, id, { revokedAt: null })
    },
  })),
}
