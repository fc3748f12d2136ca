import { describe, expect, it } from 'vitest'
import { newRecord } from './new-record.ts'

const ISSUED = {
  id: 'b4f0c0de-0000-4000-8000-000000000001',
  owner: 'acme',
  digest: 'a-digest',
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
    const others = Object.entries(newRecord(ISSUED)).filter(([field]) => !(field in ISSUED) && field !== 'updatedAt')
    const names = ['lastUsedAt', 'overlapEndsAt', 'revokedAt', 'revokedReason', 'rotatedFrom', 'rotatedTo']
    expect(others.map(([field]) => field).toSorted()).toEqual([...names, 'sealedSuccessor', 'suspendedAt'])
    expect(others.every(([, value]) => value === null)).toBe(true)
  })

  it('gives every record the same shape, whatever the order of its facts', () => {
    const reversed = Object.fromEntries(Object.entries(ISSUED).toReversed()) as typeof ISSUED
    expect(Object.keys(newRecord(reversed))).toEqual(Object.keys(newRecord(ISSUED)))
  })
})
