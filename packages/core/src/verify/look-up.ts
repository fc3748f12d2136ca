import type { GuardedCache } from '../setup/guard-store.ts'
import type { Settings } from '../setup/settings.ts'
import type { CachedRecord } from '../store/store.ts'
import type { Candidates } from '../token/secret/digest.ts'
import { shardIn } from '../token/secret/secret.ts'
import { statusOf } from '../token/token.ts'
import type { MaybeLater, Verification, VerifyOptions } from '../token/verification.ts'
import { answer, refuse } from './answer.ts'
import type { Verifier } from './answer.ts'

/**
 * Looks up the record of a secret, and goes on to its answer. The record comes from the cache, from the cache once it
 * is confirmed, or from the store.
 *
 * Each way awaits only its own reading. So a cached record that is up to date is answered in the same turn.
 */
export function lookUp(verifier: Verifier, secret: string, options: VerifyOptions): MaybeLater<Verification> {
  const { store, digests } = verifier.settings
  const { cache } = store
  if (cache === null) return inStore(verifier, secret, null, options)
  const candidates = digests.all(secret)
  if (cache.confirm === undefined || cache.isFresh()) return inCache(verifier, secret, candidates, options, cache)
  if (!cache.has(candidates)) return inStore(verifier, secret, candidates, options)
  return inConfirmedCache(verifier, secret, candidates, options, cache, cache.confirm())
}

async function inConfirmedCache(
  verifier: Verifier,
  secret: string,
  digests: Candidates,
  options: VerifyOptions,
  cache: GuardedCache,
  confirmed: Promise<void>,
): Promise<Verification> {
  await confirmed
  return inCache(verifier, secret, digests, options, cache)
}

function inCache(
  verifier: Verifier,
  secret: string,
  digests: Candidates,
  options: VerifyOptions,
  cache: GuardedCache,
): MaybeLater<Verification> {
  const { settings, acceptor, observed, asks } = verifier
  const now = settings.now()
  const cached = cache.find(digests, now)
  if (cached === null) return inStore(verifier, secret, digests, options)
  const accepted = acceptor.acceptAgain(cached, options, now)
  if (accepted !== null) {
    asks?.note(accepted.token, options, now)
    return observed(accepted)
  }
  if (mayLiveLonger(cached, now, settings)) return inStore(verifier, secret, digests, options)
  if (shardIn(secret, settings) === null) return refuse(verifier, 'malformed', options)
  const digest = settings.digests.keptUnder(digests, cached.record.digest)
  return answer(verifier, cached.record, digest, options, cached)
}

/** Whether a use in another process may have moved an expiry that has passed here. */
function mayLiveLonger({ record }: CachedRecord, now: number, { expiry }: Settings): boolean {
  return expiry.slidingMs !== undefined && statusOf(record, now) === 'expired'
}

async function inStore(
  verifier: Verifier,
  secret: string,
  digests: Candidates | null,
  options: VerifyOptions,
): Promise<Verification> {
  const { settings } = verifier
  // Not before: a checksum saves nothing but this call of the store.
  const shard = shardIn(secret, settings)
  if (shard === null) return refuse(verifier, 'malformed', options)
  const candidates = digests ?? settings.digests.all(secret)
  const record = await settings.store.findByDigest(candidates, shard)
  const digest = record && settings.digests.keptUnder(candidates, record.digest)
  return answer(verifier, record, digest ?? '', options)
}
