import { digestSecret } from '../src/digest.ts'
import type { Change, Revocation } from '../src/store-steps.ts'
import type { TokenRecord } from '../src/token.ts'

/** A record of an active token, but for what a test is about. */
export function sampleRecord(facts: Partial<TokenRecord> = {}): TokenRecord {
  const { id = 'b4f0c0de-0000-4000-8000-000000000001', owner = 'acme' } = facts
  return {
    id,
    owner,
    digest: digestSecret(`of ${owner}, ${id}`),
    preview: 'ot_pat_0123********ahHx',
    name: 'ci-deploy',
    scopes: ['jobs:read'],
    createdBy: 'ada@acme.test',
    attributes: { environment: 'production' },
    createdAt: 1000,
    updatedAt: 1000,
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
