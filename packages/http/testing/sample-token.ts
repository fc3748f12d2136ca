import type { Token } from '@tessera/core'

/** An active token, but for what a test is about. */
export function sampleToken(facts: Partial<Token> = {}): Token {
  const createdAt = facts.createdAt ?? new Date('2026-01-01T00:00:00.000Z')
  return {
    id: 'b4f0c0de-0000-4000-8000-000000000001',
    owner: 'acme',
    preview: 'ot_pat_c3f9********bd21',
    name: 'ci-deploy',
    scopes: ['jobs:read'],
    status: 'active',
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
    networks: null,
    ...facts,
  }
}
