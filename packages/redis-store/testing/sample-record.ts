import { createHash, randomUUID } from 'node:crypto'
import type { BulkRevocation, Change, InsertConditions, Revocation, Rotation, TokenRecord } from '@tessera/core'

export const NOW: number = Date.UTC(2026, 6, 1)

export const FREELY: InsertConditions = { now: NOW, activeLimit: null, idempotency: null }

/** A record as issuing makes it for the owner `acme`, with an id and a digest of its own. */
export function sampleRecord(facts: Partial<TokenRecord> = {}): TokenRecord {
  const id = randomUUID()
  const createdAt = facts.createdAt ?? NOW
  return {
    id,
    owner: 'acme',
    digest: createHash('sha256').update(id).digest('base64url'),
    preview: 'ot_pat_c3f9********bd21',
    name: 'ci-deploy',
    scopes: ['jobs:read', 'jobs:write', 'tokens:read'],
    createdBy: null,
    attributes: {},
    createdAt,
    updatedAt: createdAt,
    expiresAt: null,
    lastUsedAt: null,
    suspendedAt: null,
    revokedAt: null,
    revokedReason: null,
    rotatedTo: null,
    rotatedFrom: null,
    overlapEndsAt: null,
    sealedSuccessor: null,
    networks: null,
    ...facts,
  }
}

/** A change that a caller asked for at an instant. */
export function changeAt(at: number): Change {
  return { at, idempotency: null }
}

export function revocationAt(at: number): Revocation {
  return { at, idempotency: null, reason: 'requested' }
}

/** A revocation of all of an owner's tokens. */
export function everyAt(at: number, facts: Partial<BulkRevocation> = {}): BulkRevocation {
  return { ...revocationAt(at), exceptId: null, issuedBefore: null, scope: null, ...facts }
}

/** A rotation to a successor with an id and a digest of its own. */
export function sampleRotation(facts: Partial<Rotation> = {}): Rotation {
  const { id, digest, preview } = sampleRecord()
  return {
    ...changeAt(NOW),
    overlapMs: 1_000,
    successor: { id, digest, preview },
    sealedSuccessor: null,
    ...facts,
  }
}
