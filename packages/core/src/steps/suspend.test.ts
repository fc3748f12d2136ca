import { describe, expect, it } from 'vitest'
import { changeAt } from '../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { REQUEST, seen } from '../../testing/seen.ts'
import { suspend } from './suspend.ts'

describe('suspend', () => {
  it('sets suspendedAt and updatedAt and nothing else, also of an expired token', () => {
    for (const token of [sampleRecord(), sampleRecord({ expiresAt: NOW + 1 })]) {
      const record = { ...token, suspendedAt: NOW + 5, updatedAt: NOW + 5 }
      const decision = suspend(token.id, changeAt(NOW + 5)).decide(seen([token]))
      expect(decision).toEqual({ answer: { outcome: 'done', record }, put: [record], announce: [token.digest] })
    }
  })

  it('keeps the first suspension, and moves updatedAt, so that a resumption asked for earlier comes too late', () => {
    const token = sampleRecord({ suspendedAt: NOW, updatedAt: NOW + 3 })
    const { put } = suspend(token.id, changeAt(NOW + 5)).decide(seen([token]))
    expect(put).toEqual([{ ...token, updatedAt: NOW + 5 }])
  })

  it('never moves updatedAt back', () => {
    const suspended = sampleRecord({ suspendedAt: NOW, updatedAt: NOW + 5 })
    for (const at of [NOW + 4, NOW + 5]) {
      const decision = suspend(suspended.id, changeAt(at)).decide(seen([suspended]))
      expect(decision).toEqual({ answer: { outcome: 'done', record: suspended }, announce: [suspended.digest] })
    }
    const edited = sampleRecord({ updatedAt: NOW + 5 })
    const { put } = suspend(edited.id, changeAt(NOW + 4)).decide(seen([edited]))
    expect(put).toEqual([{ ...edited, suspendedAt: NOW + 4 }])
  })

  it('is not allowed for a revoked token, nor from the end of an overlap on; the key stays free', () => {
    const revoked = sampleRecord({ revokedAt: NOW, suspendedAt: NOW })
    const [token] = rotatedPair()
    for (const [record, at] of [
      [revoked, NOW + 5],
      [token, OVERLAP_END],
    ] as const) {
      const decision = suspend(record.id, { at, idempotency: REQUEST }).decide(seen([record]))
      expect(decision).toEqual({ answer: { outcome: 'not_allowed', record } })
    }
    expect(suspend(token.id, changeAt(OVERLAP_END - 1)).decide(seen([token]))).toMatchObject({
      answer: { outcome: 'done' },
    })
  })
})
