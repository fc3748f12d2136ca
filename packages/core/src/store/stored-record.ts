import { newRecord } from '../token/new-record.ts'
import { endedAt } from '../token/ended.ts'
import { countsUntil } from '../steps/decision/active-limit.ts'
import type { TokenRecord } from '../token/token.ts'

const NO_SCOPES: readonly string[] = []
const NO_ATTRIBUTES = {}

/** The facts of a record with columns of their own in a table. */
export type RecordKeys = Pick<TokenRecord, 'owner' | 'id' | 'digest' | 'prefix' | 'createdAt'>

/** The other facts, without those that a new token with these keys has too. Most tokens have few. */
export function factsOf(record: TokenRecord): Partial<TokenRecord> {
  return Object.fromEntries(
    Object.entries(record).filter(([name, value]) => !KEYS.has(name) && !isSame(value, blankFact(name, record))),
  )
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

/** Field by field: this is done for each token that is read. */
function blankOf({ owner, id, digest, prefix, createdAt }: RecordKeys): TokenRecord {
  return newRecord({
    owner,
    id,
    digest,
    prefix,
    createdAt,
    preview: '',
    name: '',
    scopes: NO_SCOPES,
    createdBy: null,
    attributes: NO_ATTRIBUTES,
    expiresAt: null,
    networks: null,
  })
}

/** What a new token with the keys of a record has as this fact. */
function blankFact(name: string, { id, createdAt }: RecordKeys): unknown {
  if (name === 'updatedAt' || name === 'lineCreatedAt') return createdAt
  return name === 'line' ? id : BLANK.get(name)
}

function isSame(value: unknown, blank: unknown): boolean {
  return value === blank || (isEmpty(value) && isEmpty(blank))
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

const KEYS: ReadonlySet<string> = new Set(['owner', 'id', 'digest', 'prefix', 'createdAt'])
const BLANK = new Map<string, unknown>(
  Object.entries(blankOf({ owner: '', id: '', digest: '', prefix: '', createdAt: 0 })),
)
