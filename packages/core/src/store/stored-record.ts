import { newRecord } from '../token/new-record.ts'
import { endedAt } from '../token/ended.ts'
import { countsUntil } from '../steps/decision/active-limit.ts'
import type { TokenRecord } from '../token/token.ts'

/** The facts of a record with columns of their own in a table. */
export type RecordKeys = Pick<TokenRecord, 'owner' | 'id' | 'digest' | 'prefix' | 'createdAt'>

/** The other facts, without those that a new token with these keys has too. Most tokens have few. */
export function factsOf({ owner, id, digest, prefix, createdAt, ...others }: TokenRecord): Partial<TokenRecord> {
  const blank = blankOf({ owner, id, digest, prefix, createdAt })
  return Object.fromEntries(Object.entries(others).filter(([name, value]) => !isSame(value, Reflect.get(blank, name))))
}

/** The record with these facts. Those of a newer version come with it, and so survive its changes. */
export function recordWith(keys: RecordKeys, facts: Partial<TokenRecord>): TokenRecord {
  return Object.assign(blankOf(keys), facts)
}

/**
 * The instants to find a record by, for indexes: see `countsUntil` and `endedAt`. A count that never ends is the latest
 * instant of all, so that it counts as later than any; an end that never comes is `null`.
 */
export function instantsOf(record: TokenRecord): {
  readonly countsUntil: number | null
  readonly endedAt: number | null
} {
  const [until, end] = [countsUntil(record), endedAt(record)]
  return {
    countsUntil: until === null ? null : Math.min(until, Number.MAX_SAFE_INTEGER),
    endedAt: Number.isFinite(end) ? end : null,
  }
}

function blankOf(keys: RecordKeys): TokenRecord {
  const none = { preview: '', name: '', scopes: [], createdBy: null, attributes: {}, expiresAt: null, networks: null }
  return newRecord({ ...keys, ...none })
}

function isSame(value: unknown, blank: unknown): boolean {
  return value === blank || (isEmpty(value) && isEmpty(blank))
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
