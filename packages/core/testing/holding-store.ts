import type { HeldRecord, TokenStore } from '../src/store.ts'

/** The same store, which holds on to each record that it found by a digest. */
export function holdingStore(store: TokenStore): TokenStore {
  const held = new Map<string, HeldRecord>()

  async function findByDigest(digests: readonly string[], shard: string) {
    const record = await store.findByDigest(digests, shard)
    if (record !== null) held.set(record.digest, { record, acceptance: null })
    return record
  }

  return {
    ...store,
    findByDigest,
    findHeld: (digests) => digests.map((digest) => held.get(digest)).find((each) => each !== undefined) ?? null,
  }
}
