import { StoreError, isLine, newRecord, shardOf } from '@tessera/core'
import type { TokenRecord, TokenRecords } from '@tessera/core'
import { claim, isPointer } from '../pointers/pointer.ts'
import { LegacyRowError } from '../systems/system.ts'
import type { LegacyRow } from '../systems/system.ts'
import type { KeepOptions, KeptToken } from './keep-token.ts'

/** The kinds of values in a record. A name is right in each of these. */
const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value !== '',
  instant: (value) => Number.isSafeInteger(value),
  flag: (value) => typeof value === 'boolean',
  texts: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  facts: (value) =>
    typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string'),
}

const orNull = (kind: string) => (value: unknown) => value === null || KINDS[kind]?.(value) === true

const FIELDS: Readonly<Record<keyof TokenRecord, ((value: unknown) => boolean) | undefined>> = {
  id: KINDS['text'],
  owner: KINDS['text'],
  digest: KINDS['text'],
  prefix: KINDS['text'],
  preview: KINDS['text'],
  name: KINDS['text'],
  scopes: KINDS['texts'],
  createdBy: orNull('text'),
  attributes: KINDS['facts'],
  createdAt: KINDS['instant'],
  updatedAt: KINDS['instant'],
  expiresAt: orNull('instant'),
  lastUsedAt: orNull('instant'),
  suspendedAt: orNull('instant'),
  revokedAt: orNull('instant'),
  revokedReason: orNull('text'),
  rotatedTo: orNull('text'),
  rotatedFrom: orNull('text'),
  overlapEndsAt: orNull('instant'),
  pending: KINDS['flag'],
  sealedSuccessor: orNull('text'),
  networks: orNull('texts'),
  issuedBy: orNull('text'),
  makers: KINDS['texts'],
  line: KINDS['text'],
  lineCreatedAt: KINDS['instant'],
  expiryCeiling: orNull('instant'),
  fixedExpiry: KINDS['flag'],
}

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
  const record = recordIn(row, records.prefixes)
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

function recordIn({ tessera, record }: LegacyRow, prefixes: readonly string[]): TokenRecord {
  if (tessera !== 1 || typeof record !== 'object' || record === null)
    throw new LegacyRowError('no row of an export: name the system that the rows are from')
  for (const [name, isRight] of Object.entries(FIELDS)) {
    if (isRight?.(Object.hasOwn(record, name) ? Reflect.get(record, name) : undefined) !== true)
      throw new LegacyRowError(`the ${name} of the record is missing or wrong`)
  }
  const kept = record as TokenRecord
  if (!prefixes.includes(kept.prefix))
    throw new LegacyRowError('the record is of another API: its prefix is not that of these tokens')
  if (!isPointer(kept) && !isLine(kept.owner)) throw new LegacyRowError('the owner of the record is wrong')
  const known = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, Reflect.get(kept, name)]))
  return { ...newRecord(kept), ...known }
}
