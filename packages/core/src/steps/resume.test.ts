import { describe, expect, it } from 'vitest'
import { changeAt } from '../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { REQUEST, seen } from '../../testing/seen.ts'
import { resume } from './resume.ts'
import { suspend } from './suspend.ts'

describe('resume', () => {
  it('clears suspendedAt, sets updatedAt and nothing else, also of an expired token', () => {
    for (const facts of [{}, { expiresAt: NOW + 1 }]) {
      const token = sampleRecord({ ...facts, suspendedAt: NOW, updatedAt: NOW + 5 })
      const record = { ...token, suspendedAt: null, updatedAt: NOW + 6 }
      const decision = resume(token.id, changeAt(NOW + 6)).decide(seen([token]))
      expect(decision).toEqual({ answer: { outcome: 'done', record }, put: [record], announce: [token.digest] })
    }
  })

  it('leaves a token that is not suspended as it is, also one that was changed later', () => {
    const token = sampleRecord({ updatedAt: NOW + 9 })
    const decision = resume(token.id, changeAt(NOW + 5)).decide(seen([token]))
    expect(decision).toEqual({ answer: { outcome: 'done', record: token }, announce: [token.digest] })
  })

  it('is outdated for a suspended token that was changed later than it was asked for; the key stays free', () => {
    const token = sampleRecord({ suspendedAt: NOW, updatedAt: NOW + 5 })
    const at = (instant: number) => resume(token.id, { at: instant, idempotency: REQUEST }).decide(seen([token]))
    expect(at(NOW + 4)).toEqual({ answer: { outcome: 'outdated', record: token } })
    expect(at(NOW + 5)).toMatchObject({ answer: { outcome: 'done' } })
  })

  it('that runs late never undoes a suspension that came after it, the first or one more', () => {
    for (const token of [sampleRecord(), sampleRecord({ suspendedAt: NOW - 5, updatedAt: NOW - 5 })]) {
      const late = resume(token.id, changeAt(NOW + 5))
      const [suspended = token] = suspend(token.id, changeAt(NOW + 6)).decide(seen([token])).put ?? []
      expect(late.decide(seen([suspended]))).toEqual({ answer: { outcome: 'outdated', record: suspended } })
    }
  })

  it('is not allowed for a revoked token, nor from the end of an overlap on', () => {
    const revoked = sampleRecord({ revokedAt: NOW, suspendedAt: NOW, updatedAt: NOW + 9 })
    const [token] = rotatedPair({ suspendedAt: NOW })
    for (const [record, at] of [
      [revoked, NOW + 5],
      [token, OVERLAP_END],
    ] as const) {
      const decision = resume(record.id, { at, idempotency: REQUEST }).decide(seen([record]))
      expect(decision).toEqual({ answer: { outcome: 'not_allowed', record } })
    }
    expect(resume(token.id, changeAt(OVERLAP_END - 1)).decide(seen([token]))).toMatchObject({
      answer: { outcome: 'done', record: { suspendedAt: null } },
    })
  })
})
