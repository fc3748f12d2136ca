import { shardOf } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'

/** A store that finds a record by digest only in the partition that it is asked in, as on Redis. */
export function shardedStore(): TokenStore {
  const { cache: _none, ...store } = memoryStore()
  return {
    ...store,
    async findByDigest(digests, shard) {
      for (const digest of digests) {
        const record = await store.findByDigest([digest], shard)
        if (record !== null && shardOf(record.owner) === shard) return record
      }
      return null
    },
  }
}
