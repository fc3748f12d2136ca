import { newRecord, shardOf } from '@tessera/core'
import type { TokenRecord, TokenRecords } from '@tessera/core'
import { firstDigest, pointerKey } from '../pointers/keys.ts'
import { bucketOf, claim, markKept, pointerIn, pointerRecord } from '../pointers/pointer.ts'
import { LegacyRowError, readRow } from '../systems/system.ts'
import type { LegacyToken } from '../systems/system.ts'
import { checkToken } from './check-token.ts'

/** `present` if it was imported before. It may have ended since. */
export interface KeptToken {
  readonly outcome: 'imported' | 'present'
  readonly notes: readonly string[]
}

export interface KeepOptions {
  readonly by?: string | null | undefined
  /** Writes nothing. */
  readonly dryRun?: boolean | undefined
}

/**
 * Keeps a token of another system: claims its secret, adds the record, and notes the addition. Each step may be repeated, so an end
 * in between is no harm.
 *
 * @throws LegacyRowError with the reason
 */
export async function keepToken(
  records: TokenRecords,
  system: string,
  token: LegacyToken,
  { by = null, dryRun = false }: KeepOptions = {},
): Promise<KeptToken> {
  const { facts, times, notes } = readRow(() => checkToken(system, token, records))
  const { prefix } = records
  const { hash = null } = token
  const digest = firstDigest(system, token)
  const key = pointerKey(system, token)
  const bucket = bucketOf(key)
  const wanted = { owner: token.owner, tokenId: records.newId(), digest, hash, isKept: false }
  const pointer = pointerRecord(key, wanted, { prefix, createdAt: records.now() })
  const claimed = dryRun
    ? ((await records.findByDigest([key], shardOf(bucket))) ?? pointer)
    : await records.take(bucket, claim(pointer))
  const { owner, tokenId, digest: known, isKept } = pointerIn(claimed)
  if (owner !== token.owner) throw new LegacyRowError('its secret was imported for another owner')
  if (known !== digest) throw new LegacyRowError('another token has its lookup, or its hash was changed')
  if (isKept) return { outcome: 'present', notes: [] }
  if (dryRun) return { outcome: 'imported', notes }
  const record: TokenRecord = { ...newRecord({ ...facts, id: tokenId, prefix, digest }), ...times }
  const inserted = await records.insert(record)
  await records.take(bucket, markKept(key))
  if (inserted.outcome === 'inserted') records.noteImport(record, system, by)
  return { outcome: inserted.outcome === 'inserted' ? 'imported' : 'present', notes }
}
