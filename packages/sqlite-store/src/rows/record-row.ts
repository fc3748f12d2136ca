import { factsOf, instantsOf, parseStored, recordWith } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import type { SqliteValue } from '../connection/database.ts'

/** The columns that make a record again. */
export interface RecordRow {
  readonly owner: string
  readonly id: string
  readonly digest: string
  readonly prefix: string
  readonly created_at: number
  readonly record: string
}

export const COLUMNS = 'owner, id, digest, prefix, created_at, record'

/** The values of a row: owner, id, digest, prefix, creation, count, end and record. */
export function valuesOf(record: TokenRecord): SqliteValue[] {
  const { owner, id, digest, prefix, createdAt } = record
  const { countsUntil, endedAt } = instantsOf(record)
  return [owner, id, digest, prefix, createdAt, countsUntil, endedAt, JSON.stringify(factsOf(record))]
}

export function recordIn({ owner, id, digest, prefix, created_at: createdAt, record }: RecordRow): TokenRecord {
  return recordWith({ owner, id, digest, prefix, createdAt }, parseStored(record) as Partial<TokenRecord>)
}
