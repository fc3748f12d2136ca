import { factsOf, instantsOf, recordWith } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'

/** The facts of a row as `row_v1` answers them. */
export type ShownRow = readonly [
  owner: string,
  id: string,
  digest: string,
  prefix: string,
  createdAt: number,
  lastUsedAt: number | null,
  rotatedTo: string | null,
  rotatedFrom: string | null,
  facts: Partial<TokenRecord>,
]

/** A row to write, by its columns. */
export type TokenRow = Readonly<Record<string, unknown>>

export function rowOf(record: TokenRecord): TokenRow {
  const { owner, id, digest, prefix, createdAt, lastUsedAt, rotatedTo, rotatedFrom } = record
  const { countsUntil, endedAt } = instantsOf(record)
  const facts = factsOf({ ...record, lastUsedAt: null, rotatedTo: null, rotatedFrom: null })
  return {
    owner,
    id,
    digest,
    prefix,
    created_at: createdAt,
    last_used_at: lastUsedAt,
    counts_until: countsUntil,
    ended_at: endedAt,
    rotated_to: rotatedTo,
    rotated_from: rotatedFrom,
    record: facts,
  }
}

export function recordIn(row: ShownRow): TokenRecord {
  const [owner, id, digest, prefix, createdAt, lastUsedAt, rotatedTo, rotatedFrom, facts] = row
  return Object.assign(recordWith({ owner, id, digest, prefix, createdAt }, facts), {
    lastUsedAt,
    rotatedTo,
    rotatedFrom,
  })
}
