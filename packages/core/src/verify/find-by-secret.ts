import { findLegacy, isLegacy } from '../setup/token-records.ts'
import type { Settings } from '../setup/settings.ts'
import { shardIn } from '../token/secret/secret.ts'
import type { TokenRecord } from '../token/token.ts'

/** The record of a secret's token. No store call if shape or checksum show that it was never issued here. */
export async function findBySecret(settings: Settings, secret: string): Promise<TokenRecord | null> {
  if (isLegacy(settings, secret)) return findLegacy(settings, secret)
  const { store, digests } = settings
  const shard = typeof secret === 'string' ? shardIn(secret, settings) : null
  return shard === null ? null : store.findByDigest(digests.all(secret), shard)
}
