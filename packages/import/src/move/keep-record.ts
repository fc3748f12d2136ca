import { StoreError, shardOf } from '@tessera/core'
import type { TokenRecord, TokenRecords } from '@tessera/core'
import { recordKey } from '../pointers/keys.ts'
import { isPointer, pointerRecord } from '../pointers/pointer.ts'
import { LegacyRowError, readRow } from '../systems/system.ts'
import type { LegacyRow } from '../systems/system.ts'
import { recordIn } from './exported-record.ts'
import type { KeepOptions, KeptToken } from './keep-token.ts'

/**
 * Keeps a record of `exportTokens` as it is: id, digest, times and links. A pointer beside it remembers the import: a record that
 * was pruned since stays away.
 *
 * @throws LegacyRowError for a record that cannot be kept
 */
export async function keepRecord(
  records: TokenRecords,
  row: LegacyRow,
  { by = null, dryRun = false }: KeepOptions,
): Promise<KeptToken> {
  const record = readRow(() => recordIn(row, records))
  const pointer = isPointer(record) ? null : pointerTo(record, records)
  const wasImported = pointer !== null && (await isThere(records, pointer))
  if (wasImported) return { outcome: 'present', notes: [] }
  if (dryRun) return { outcome: (await isThere(records, record)) ? 'present' : 'imported', notes: [] }
  const isNew = await insert(records, record)
  if (pointer !== null) await records.insert(pointer)
  if (isNew && pointer !== null) records.noteImport(record, 'tessera', by)
  return { outcome: isNew ? 'imported' : 'present', notes: [] }
}

function pointerTo({ owner, id, digest }: TokenRecord, { prefix, now }: TokenRecords): TokenRecord {
  const place = { owner, tokenId: id, digest, hash: null, isKept: true }
  return pointerRecord(recordKey({ owner, id }), place, { prefix, createdAt: now() })
}

async function insert(records: TokenRecords, record: TokenRecord): Promise<boolean> {
  try {
    return (await records.insert(record)).outcome === 'inserted'
  } catch (error) {
    if (error instanceof StoreError && (await isThere(records, record)))
      throw new LegacyRowError('another token has its digest')
    throw error
  }
}

async function isThere(records: TokenRecords, { digest, owner }: TokenRecord): Promise<boolean> {
  return (await records.findByDigest([digest], shardOf(owner))) !== null
}
