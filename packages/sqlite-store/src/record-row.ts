import { countsUntil, endedAt, newRecord } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { parsed } from './database.ts'
import type { SqliteValue } from './database.ts'

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
  const { owner, id, digest, prefix, createdAt, ...others } = record
  const blank = blankOf(owner, id, digest, prefix, createdAt)
  // Most tokens have few facts that a blank one has not.
  const facts = Object.entries(others).filter(([name, value]) => !isSame(value, Reflect.get(blank, name)))
  const ends = [instantOf(countsUntil(record)), endOf(record)]
  return [owner, id, digest, prefix, createdAt, ...ends, JSON.stringify(Object.fromEntries(facts))]
}

/** Facts of a newer version come with the record, and so survive its changes. */
export function recordIn({ owner, id, digest, prefix, created_at: createdAt, record }: RecordRow): TokenRecord {
  const blank = blankOf(owner, id, digest, prefix, createdAt)
  return Object.assign(blank, parsed(record) as Partial<TokenRecord>)
}

function blankOf(owner: string, id: string, digest: string, prefix: string, createdAt: number): TokenRecord {
  const none = { preview: '', name: '', scopes: [], createdBy: null, attributes: {}, expiresAt: null, networks: null }
  return newRecord({ owner, id, digest, prefix, createdAt, ...none })
}

function isSame(value: unknown, blank: unknown): boolean {
  return value === blank || (isEmpty(value) && isEmpty(blank))
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** An end that never comes is the latest instant of all, so that it counts as later than any. */
function instantOf(instant: number | null): number | null {
  return instant === null ? null : Math.min(instant, Number.MAX_SAFE_INTEGER)
}

function endOf(record: TokenRecord): number | null {
  const end = endedAt(record)
  return Number.isFinite(end) ? end : null
}
