import { describe, expect, it } from 'vitest'
import { newRecord } from './new-record.ts'

const ISSUED = {
  id: 'b4f0c0de-0000-4000-8000-000000000001',
  owner: 'acme',
  digest: 'a-digest',
  prefix: 'ot_pat',
  preview: 'ot_pat_c3f9********bd21',
  name: 'CI',
  scopes: ['jobs:read'],
  createdBy: 'ada@acme.test',
  attributes: { environment: 'staging' },
  createdAt: Date.UTC(2026, 0, 2),
  expiresAt: Date.UTC(2027, 0, 2),
  networks: ['192.0.2.0/24'],
}

describe('newRecord', () => {
  it('keeps what the token is issued with, and was last changed when it was made', () => {
    expect(newRecord(ISSUED)).toMatchObject({ ...ISSUED, updatedAt: ISSUED.createdAt })
  })

  it('has neither uses nor changes nor links', () => {
    const none = ['lastUsedAt', 'overlapEndsAt', 'revokedAt', 'revokedReason', 'rotatedFrom', 'rotatedTo'] as const
    const record = newRecord(ISSUED)
    for (const field of [...none, 'sealedSuccessor', 'suspendedAt'] as const) expect(record[field]).toBeNull()
  })

  it('shares what is empty with all others, frozen', () => {
    const [one, other] = [
      newRecord({ ...ISSUED, attributes: {} }),
      newRecord({ ...ISSUED, attributes: {}, makers: [] }),
    ]
    expect(one.attributes).toBe(other.attributes)
    expect(one.makers).toBe(other.makers)
    expect([Object.isFrozen(one.attributes), Object.isFrozen(one.makers)]).toEqual([true, true])
  })

  it('shares equal lists of scopes with all others, frozen', () => {
    const [one, other] = [
      newRecord({ ...ISSUED, scopes: ['jobs:read', 'runs:read'] }),
      newRecord({ ...ISSUED, scopes: ['jobs:read', 'runs:read'] }),
    ]
    expect(one.scopes).toEqual(['jobs:read', 'runs:read'])
    expect([one.scopes === other.scopes, Object.isFrozen(one.scopes)]).toEqual([true, true])
  })

  it('begins its line, and has no maker, no ceiling and no expiry of its own choice unless they are given', () => {
    const { id, createdAt } = ISSUED
    const alone = { issuedBy: null, makers: [], expiryCeiling: null, fixedExpiry: false }
    expect(newRecord(ISSUED)).toMatchObject({ line: id, lineCreatedAt: createdAt, ...alone })
    const origin = { issuedBy: 'tok_2', makers: ['tok_1'], expiryCeiling: ISSUED.expiresAt, fixedExpiry: true }
    expect(newRecord({ ...ISSUED, ...origin })).toMatchObject(origin)
  })

  it('gives every record the same shape, whatever the order of its facts', () => {
    const reversed = Object.fromEntries(Object.entries(ISSUED).toReversed()) as typeof ISSUED
    expect(Object.keys(newRecord(reversed))).toEqual(Object.keys(newRecord(ISSUED)))
  })
})
