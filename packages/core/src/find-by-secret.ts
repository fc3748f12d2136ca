import { shardIn } from './secret.ts'
import type { Settings } from './settings.ts'
import type { TokenRecord } from './token.ts'

/** The record of the token whose secret this is. No store call when shape or checksum show that it was never issued here. */
export async function findBySecret({ store, prefix, digests }: Settings, secret: string): Promise<TokenRecord | null> {
  const shard = typeof secret === 'string' ? shardIn(secret, prefix) : null
  return shard === null ? null : store.findByDigest(digests.all(secret), shard)
}
