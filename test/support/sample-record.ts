import { digestSecret, newRecord } from '@tessera/core'
import type { InsertConditions, TokenRecord } from '@tessera/core'

/** When the samples are issued. */
export const NOW: number = Date.UTC(2026, 6, 1)

export const FREELY: InsertConditions = { now: NOW, activeLimit: null, idempotency: null }

let made = 0

/** A record as issuing makes it for the owner `acme`, with an id and a digest of its own, but for what a test is about. */
export function sampleRecord(facts: Partial<TokenRecord> = {}): TokenRecord {
  const { id = nextId(), owner = 'acme', createdAt = NOW } = facts
  const issued = newRecord({
    id,
    owner,
    digest: digestSecret(`of ${owner}, ${id}`),
    prefix: 'ot_pat',
    preview: 'ot_pat_c3f9********bd21',
    name: 'ci-deploy',
    scopes: ['jobs:read', 'jobs:write'],
    createdBy: null,
    attributes: {},
    createdAt,
    expiresAt: null,
    networks: null,
  })
  return { ...issued, ...facts }
}

function nextId(): string {
  made += 1
  return `b4f0c0de-0000-4000-8000-${String(made).padStart(12, '0')}`
}
