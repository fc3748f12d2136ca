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

/** The columns of indexes, but for owner and id. */
export const INDEXED = ['digest', 'prefix', 'created_at', 'counts_until', 'ended_at'] as const

/** The values of `INDEXED`, in its order. */
export function indexedOf(record: TokenRecord): SqliteValue[] {
  const { digest, prefix, createdAt } = record
  const { countsUntil, endedAt } = instantsOf(record)
  return [digest, prefix, createdAt, countsUntil, endedAt]
}

/** Which of `INDEXED` have another value in a later state of a record. */
export function changedIn(former: TokenRecord, record: TokenRecord): readonly { column: string; value: SqliteValue }[] {
  const [before, after] = [indexedOf(former), indexedOf(record)]
  return INDEXED.flatMap((column, index) => {
    const { [index]: value = null } = after
    return value === before[index] ? [] : { column, value }
  })
}

/** The text of the column `record`. */
export function textOf(record: TokenRecord): string {
  return JSON.stringify(factsOf(record))
}

export function recordIn({ owner, id, digest, prefix, created_at: createdAt, record }: RecordRow): TokenRecord {
  return recordWith({ owner, id, digest, prefix, createdAt }, parseStored(record) as Partial<TokenRecord>)
}
