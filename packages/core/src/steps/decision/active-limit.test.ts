import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../../testing/rotated-pair.ts'
import { seen } from '../../../testing/seen.ts'
import { countActive, countsUntil, isBelowLimit } from './active-limit.ts'

describe('isBelowLimit', () => {
  it('leaves room for one more', () => {
    expect([0, 24, 25, 26].map((active) => isBelowLimit(active, 25))).toEqual([true, true, false, false])
    expect(isBelowLimit(0, 0)).toBe(false)
  })

  it('is always so where there is no limit', () => {
    expect(isBelowLimit(1_000_000, null)).toBe(true)
  })
})

describe('countsUntil', () => {
  it('is the expiry, and infinite for a token without one', () => {
    expect(countsUntil(sampleRecord({ expiresAt: NOW + 5 }))).toBe(NOW + 5)
    expect(countsUntil(sampleRecord())).toBe(Number.POSITIVE_INFINITY)
    expect(countsUntil(sampleRecord({ expiresAt: NOW + 5, expiryCeiling: NOW + 3 }))).toBe(NOW + 3)
  })

  it('counts a suspended token as an active one', () => {
    expect(countsUntil(sampleRecord({ suspendedAt: NOW, expiresAt: NOW + 5 }))).toBe(NOW + 5)
  })

  it('does not count a revoked token', () => {
    expect(countsUntil(sampleRecord({ revokedAt: NOW, expiresAt: NOW + 5 }))).toBeNull()
  })

  it('counts a successor from the start and its predecessor no more, so that the two take one place', () => {
    const [token, successor] = rotatedPair({}, { expiresAt: OVERLAP_END + 5 })
    expect([token, successor].map(countsUntil)).toEqual([null, OVERLAP_END + 5])
    expect(countsUntil({ ...successor, overlapEndsAt: null })).toBe(OVERLAP_END + 5)
  })
})

const STEP = countActive(7, ['ot_pat', 'ot_old'])

describe('countActive', () => {
  it('wants the count at the instant, of the prefixes, and nothing else', () => {
    expect(STEP.wants).toEqual({
      ids: [],
      key: null,
      active: { at: 7, prefixes: ['ot_pat', 'ot_old'] },
      readOnly: true,
    })
  })

  it('answers the count, and writes nothing', () => {
    expect(STEP.decide(seen([], { active: 3 }))).toEqual({ answer: 3 })
    expect(STEP.decide(seen([], { active: 0 }))).toEqual({ answer: 0 })
  })

  it('takes a store that shows no count for a broken one, and not for one without tokens', () => {
    expect(() => STEP.decide(seen())).toThrow('was not shown')
  })
})
