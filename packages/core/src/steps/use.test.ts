import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { used } from './use.ts'

const EXPIRY = NOW + 10

describe('used', () => {
  it('sets lastUsedAt and nothing else, whatever the status', () => {
    for (const facts of [{}, { suspendedAt: NOW }, { revokedAt: NOW }, { expiresAt: NOW }]) {
      const token = sampleRecord(facts)
      expect(used(token, { at: NOW + 5 })).toEqual({ ...token, lastUsedAt: NOW + 5 })
    }
  })

  it('moves lastUsedAt forward and never back, and gives back the same record if nothing changes', () => {
    const token = sampleRecord({ lastUsedAt: NOW + 5, expiresAt: EXPIRY })
    expect(used(token, { at: NOW + 6 })).toEqual({ ...token, lastUsedAt: NOW + 6 })
    for (const at of [NOW + 4, NOW + 5]) {
      expect(used(token, { at })).toBe(token)
      expect(used(token, { at, extendTo: EXPIRY })).toBe(token)
    }
  })

  it('moves the expiry forward and never back', () => {
    const token = sampleRecord({ expiresAt: EXPIRY })
    const extended = (extendTo: number) => used(token, { at: NOW + 5, extendTo })
    expect(extended(NOW + 50)).toEqual({ ...token, lastUsedAt: NOW + 5, expiresAt: NOW + 50 })
    for (const extendTo of [EXPIRY, EXPIRY - 1]) expect(extended(extendTo).expiresAt).toBe(EXPIRY)
  })

  it('extends by a use that is not the last', () => {
    const token = sampleRecord({ expiresAt: EXPIRY, lastUsedAt: NOW + 9 })
    expect(used(token, { at: NOW + 5, extendTo: NOW + 50 })).toEqual({ ...token, expiresAt: NOW + 50 })
  })

  it('extends up to the last instant of a life, and gives none back', () => {
    const token = sampleRecord({ expiresAt: EXPIRY })
    const expiries = [EXPIRY - 1, EXPIRY, EXPIRY + 5].map((at) => used(token, { at, extendTo: NOW + 50 }).expiresAt)
    expect(expiries).toEqual([NOW + 50, EXPIRY, EXPIRY])
  })

  it('moves no expiry that was asked for, and none beyond the ceiling, whatever the recorder knew', () => {
    const use = { at: NOW + 5, extendTo: NOW + 50 }
    expect(used(sampleRecord({ expiresAt: EXPIRY, fixedExpiry: true }), use).expiresAt).toBe(EXPIRY)
    expect(used(sampleRecord({ expiresAt: EXPIRY, expiryCeiling: NOW + 20 }), use).expiresAt).toBe(NOW + 20)
    expect(used(sampleRecord({ expiresAt: EXPIRY, expiryCeiling: EXPIRY - 1 }), use).expiresAt).toBe(EXPIRY)
  })

  it('sets no expiry where there is none', () => {
    expect(used(sampleRecord(), { at: NOW + 5, extendTo: NOW + 50 }).expiresAt).toBeNull()
  })

  it('extends a suspended token, and none that is revoked, also by a use before that', () => {
    const use = { at: NOW + 3, extendTo: NOW + 50 }
    expect(used(sampleRecord({ expiresAt: EXPIRY, suspendedAt: NOW }), use).expiresAt).toBe(NOW + 50)
    expect(used(sampleRecord({ expiresAt: EXPIRY, revokedAt: NOW + 4 }), use).expiresAt).toBe(EXPIRY)
  })

  it('extends a token that was rotated until the end of its overlap, which stays', () => {
    const [token, successor] = rotatedPair({ expiresAt: OVERLAP_END + 5 }, { expiresAt: OVERLAP_END + 5 })
    const extendTo = OVERLAP_END + 50
    const extended = { expiresAt: extendTo, overlapEndsAt: OVERLAP_END }
    expect(used(token, { at: OVERLAP_END - 1, extendTo })).toMatchObject(extended)
    expect(used(token, { at: OVERLAP_END, extendTo }).expiresAt).toBe(OVERLAP_END + 5)
    expect(used(successor, { at: OVERLAP_END, extendTo })).toMatchObject(extended)
  })
})
