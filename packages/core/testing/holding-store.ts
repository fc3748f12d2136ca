import type { Held, HeldRecord, TokenStore } from '../src/store.ts'

/** The same store, which holds on to each record that it found by a digest. */
export function holdingStore(store: TokenStore): TokenStore {
  const kept = new Map<string, HeldRecord>()
  const held: Held = {
    has: (digests) => digests.some((digest) => kept.has(digest)),
    find: (digests) => digests.map((digest) => kept.get(digest)).find((each) => each !== undefined) ?? null,
  }

  async function findByDigest(digests: readonly string[], shard: string) {
    const record = await store.findByDigest(digests, shard)
    if (record !== null) kept.set(record.digest, { record, acceptance: null })
    return record
  }

  return { ...store, findByDigest: Object.assign(findByDigest, { held }) }
}
