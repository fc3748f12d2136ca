import { StoreError, shardOf } from '@tessera/core'
import type { TokenRecord, TokenRecords } from '@tessera/core'
import { claim, isPointer } from '../pointers/pointer.ts'
import { LegacyRowError, readRow } from '../systems/system.ts'
import type { LegacyRow } from '../systems/system.ts'
import { recordIn } from './exported-record.ts'
import type { KeepOptions, KeptToken } from './keep-token.ts'

/**
 * Keeps a record of `exportTokens` as it is: id, digest, times and links.
 *
 * @throws LegacyRowError for a record that cannot be kept
 */
export async function keepRecord(
  records: TokenRecords,
  row: LegacyRow,
  { by = null, dryRun = false }: KeepOptions,
): Promise<KeptToken> {
  const record = readRow(() => recordIn(row, records))
  if (dryRun) return { outcome: (await isThere(records, record)) ? 'present' : 'imported', notes: [] }
  try {
    const isNew = isPointer(record) ? await add(records, record) : await insert(records, record)
    if (isNew && !isPointer(record)) records.noteImport(record, 'tessera', by)
    return { outcome: isNew ? 'imported' : 'present', notes: [] }
  } catch (error) {
    if (error instanceof StoreError && (await isThere(records, record)))
      throw new LegacyRowError('another token has its digest')
    throw error
  }
}

async function add(records: TokenRecords, pointer: TokenRecord): Promise<boolean> {
  return (await records.take(pointer.owner, claim(pointer))) === pointer
}

async function insert(records: TokenRecords, record: TokenRecord): Promise<boolean> {
  return (await records.insert(record)).outcome === 'inserted'
}

async function isThere(records: TokenRecords, { digest, owner }: TokenRecord): Promise<boolean> {
  return (await records.findByDigest([digest], shardOf(owner))) !== null
}
