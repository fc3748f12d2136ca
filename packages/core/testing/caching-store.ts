import type { CachedRecord, TokenCache, TokenStore } from '../src/store/store.ts'

/** The same store, which caches each record that it found by a digest. */
export function cachingStore(store: TokenStore): TokenStore {
  const kept = new Map<string, CachedRecord>()
  const cache: TokenCache = {
    has: (digests) => digests.some((digest) => kept.has(digest)),
    find: (digests) => digests.map((digest) => kept.get(digest)).find((each) => each !== undefined) ?? null,
    findToken: (owner, id) => store.find(owner, id),
  }

  async function findByDigest(digests: readonly string[], shard: string) {
    const record = await store.findByDigest(digests, shard)
    if (record !== null) kept.set(record.digest, { record, memo: null })
    return record
  }

  return { ...store, findByDigest, cache }
}
