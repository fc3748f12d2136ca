import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { endedAt, endsAt } from './ended.ts'
import { endOf, toToken } from './token.ts'

describe('endedAt', () => {
  it('never is for a token that nothing ends, suspended or not', () => {
    expect(endedAt(sampleRecord())).toBe(Number.POSITIVE_INFINITY)
    expect(endedAt(sampleRecord({ suspendedAt: NOW }))).toBe(Number.POSITIVE_INFINITY)
  })

  it('is the first of revocation and expiry', () => {
    expect(endedAt(sampleRecord({ revokedAt: NOW + 5 }))).toBe(NOW + 5)
    expect(endedAt(sampleRecord({ expiresAt: NOW + 5 }))).toBe(NOW + 5)
    expect(endedAt(sampleRecord({ revokedAt: NOW + 5, expiresAt: NOW + 9 }))).toBe(NOW + 5)
    expect(endedAt(sampleRecord({ revokedAt: NOW + 9, expiresAt: NOW + 5 }))).toBe(NOW + 5)
  })

  it('is the end of an overlap for a token that was rotated, and not for its successor', () => {
    const [token, successor] = rotatedPair({ expiresAt: OVERLAP_END + 5 }, { expiresAt: OVERLAP_END + 5 })
    expect(endedAt(token)).toBe(OVERLAP_END)
    expect(endedAt({ ...token, revokedAt: NOW + 5 })).toBe(NOW + 5)
    expect(endedAt(successor)).toBe(OVERLAP_END + 5)
  })
})

describe('endsAt', () => {
  it('never is for a token that the clock does not end', () => {
    expect(endsAt(toToken(sampleRecord(), NOW))).toBeNull()
    expect(endsAt(toToken(sampleRecord({ suspendedAt: NOW }), NOW))).toBeNull()
  })

  it('is the same for a token as for its record', () => {
    const records = [
      sampleRecord({ expiresAt: NOW + 5 }),
      ...rotatedPair(),
      ...rotatedPair({ expiresAt: OVERLAP_END + 5 }, { expiresAt: OVERLAP_END + 5 }),
      ...rotatedPair({ expiresAt: OVERLAP_END - 5 }, { expiresAt: OVERLAP_END - 5 }),
    ]
    const ends = records.map((record) => endsAt(toToken(record, NOW))?.getTime() ?? Number.POSITIVE_INFINITY)
    expect(ends).toEqual(records.map(endOf))
  })
})
