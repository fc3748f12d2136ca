import type { Change, Revocation, TokenRecord } from '@tessera/core'

export const NOW: number = Date.UTC(2026, 6, 1)

/** An active token of the owner `acme`. */
export function sampleRecord(facts: Partial<TokenRecord> = {}): TokenRecord {
  return {
    id: 'b5a1c1f0-5f4e-4c7b-9d0a-0c9f6f3a7e11',
    owner: 'acme',
    digest: 'digest',
    preview: 'ot_pat_c3f9********bd21',
    name: 'ci-deploy',
    scopes: ['jobs:read', 'jobs:write', 'tokens:read'],
    createdBy: null,
    attributes: {},
    createdAt: NOW,
    updatedAt: NOW,
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
