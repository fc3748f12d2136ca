import { createHash } from 'node:crypto'
import { newRecord, shardOf } from '@tessera/core'
import type { InsertConditions, TokenQuery, TokenRecord } from '@tessera/core'
import { revokeAt, suspendAt } from './change-at.ts'
import { USUAL } from './steps-on.ts'
import type { StepsOnStore } from './steps-on.ts'

/** The suite's clock. It lies ahead of every real one, so nothing expires early by a backend's own clock. */
export const NOW: number = Date.UTC(2040, 0, 1)

export const FREELY: InsertConditions = { now: NOW, activeLimit: null, idempotency: null }

/** The usual owner. */
export const OWNER = 'acme'

export function atMost(activeLimit: number, now: number = NOW): InsertConditions {
  return { now, activeLimit, idempotency: null }
}

/** Another owner, with tokens in the same partition. */
export function neighbourOf(owner: string): string {
  for (let number = 0; ; number += 1) {
    const neighbour = `neighbour-${number}`
    if (shardOf(neighbour) === shardOf(owner)) return neighbour
  }
}

let made = 0

/** The ends of ids, in the order of code units. No locale has them in this order, and for some `A` and `a` are one. */
const ENDS = ['-', '0', 'A', 'B', 'Z', '_', 'a', 'b', 'z']

function idOf(number: number): string {
  return `tok-${String(Math.floor(number / ENDS.length)).padStart(8, '0')}${ENDS[number % ENDS.length]}`
}

/** A record as issuing makes it, with an id and a digest of its own; later ids sort after earlier ones. */
export function sampleRecord(facts: Partial<TokenRecord> = {}): TokenRecord {
  made += 1
  const madeId = idOf(made)
  const { id = madeId, createdAt = NOW } = facts
  const issued = newRecord({
    id,
    owner: OWNER,
    digest: sampleDigest(madeId),
    prefix: 'ot_pat',
    preview: 'ot_pat_c3f9********bd21',
    name: 'CI deploy',
    scopes: ['jobs:read', 'jobs:write'],
    createdBy: 'ada@example.com',
    attributes: { environment: 'staging' },
    createdAt,
    expiresAt: null,
    networks: null,
  })
  return { ...issued, ...facts }
}

export function sampleDigest(of: string): string {
  return createHash('sha256').update(of).digest('base64url')
}

/** Inserts a token and brings it to the given times by the store's own operations. */
export async function given(store: StepsOnStore, facts: Partial<TokenRecord> = {}): Promise<TokenRecord> {
  const { lastUsedAt = null, suspendedAt = null, revokedAt = null, ...issued } = facts
  const record = sampleRecord(issued)
  const { owner, id, createdAt } = record
  const { outcome } = await store.insert(record, { ...FREELY, now: createdAt })
  if (outcome !== 'inserted') throw new Error(`a token without conditions was not inserted: ${outcome}`)
  if (lastUsedAt !== null) await store.recordUse([{ owner, id, at: lastUsedAt }])
  if (suspendedAt !== null) await suspendAt(store, owner, id, suspendedAt)
  if (revokedAt !== null) await revokeAt(store, owner, id, revokedAt)
  const revokedReason = revokedAt === null ? null : 'requested'
  const updatedAt = revokedAt ?? suspendedAt ?? record.updatedAt
  return { ...record, lastUsedAt, suspendedAt, revokedAt, revokedReason, updatedAt }
}

export async function givenMany(
  store: StepsOnStore,
  count: number,
  facts: (number: number) => Partial<TokenRecord> = () => ({}),
): Promise<TokenRecord[]> {
  return Promise.all(Array.from({ length: count }, (_, number) => given(store, facts(number))))
}

/** All of an owner's tokens, oldest first, unless the query says otherwise. */
export function queryOf(query: Partial<TokenQuery> = {}): TokenQuery {
  const sort = { by: 'createdAt', direction: 'asc' } as const
  return { owner: OWNER, ...USUAL, now: NOW, statuses: null, name: null, sort, window: 'all', ...query }
}

/** The ids selected by a query, in its order. */
export async function idsOf(store: StepsOnStore, query: Partial<TokenQuery> = {}): Promise<string[]> {
  const page = await store.list(queryOf(query))
  return page.records.map(({ id }) => id)
}
