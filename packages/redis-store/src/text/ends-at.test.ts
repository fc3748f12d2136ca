import type { TokenRecord } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { endsAt } from './ends-at.ts'

const SCORES: readonly (readonly [what: string, facts: Partial<TokenRecord>, score: string | number])[] = [
  ['a token that nothing ends', {}, '+inf'],
  ['a token that expires', { expiresAt: NOW + 9 }, NOW + 9],
  ['a suspended token', { suspendedAt: NOW, expiresAt: NOW + 9 }, NOW + 9],
  ['a revoked token', { revokedAt: NOW + 1, revokedReason: 'requested' }, -(NOW + 1)],
  [
    'a revoked token that expired before',
    { revokedAt: NOW + 9, revokedReason: 'requested', expiresAt: NOW + 1 },
    -(NOW + 1),
  ],
  ['a rotated token within its overlap', { rotatedTo: 'next', overlapEndsAt: NOW + 5 }, -(NOW + 5)],
  ['a successor whose predecessor is still in use', { rotatedFrom: 'first', overlapEndsAt: NOW + 5 }, '+inf'],
]

describe('endsAt', () => {
  it.each(SCORES)('scores %s', (_what, facts, score) => {
    expect(endsAt(sampleRecord(facts))).toBe(score)
  })
})
