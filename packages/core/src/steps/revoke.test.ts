import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeAt, everyAt, revocationAt, sampleRotation } from '../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { seen } from '../../testing/seen.ts'
import { statusOf } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import { endPending, revokePredecessors } from './complete-rotation.ts'
import type { Step } from './decision/decision.ts'
import { edit } from './edit.ts'
import { rekey } from './rekey.ts'
import { resume } from './resume.ts'
import { revokeSome } from './revoke-many.ts'
import { isRevoked, revoke, revoked } from './revoke.ts'
import { rotate } from './rotate.ts'
import { suspend } from './suspend.ts'
import { used } from './use.ts'

describe('revoke', () => {
  it('sets when and why, and clears the sealed successor, whatever the status', () => {
    const facts = [{}, { suspendedAt: NOW }, { expiresAt: NOW + 1 }, { sealedSuccessor: 'v1.sealed' }]
    for (const token of facts.map((fact) => sampleRecord(fact))) {
      const end = { revokedAt: NOW + 5, revokedReason: 'leaked', updatedAt: NOW + 5, sealedSuccessor: null }
      const { answer, put } = revoke(token.id, { ...revocationAt(NOW + 5), reason: 'leaked' }).decide(seen([token]))
      expect(answer).toEqual({ outcome: 'done', record: { ...token, ...end } })
      expect(put).toEqual([{ ...token, ...end }])
    }
  })

  it('keeps the first revocation and its reason, and announces it again', () => {
    const token = sampleRecord({ revokedAt: NOW + 1, revokedReason: 'leaked', updatedAt: NOW + 1 })
    for (const at of [NOW, NOW + 1, NOW + 5]) {
      const decision = revoke(token.id, revocationAt(at)).decide(seen([token]))
      expect(decision).toEqual({ answer: { outcome: 'done', record: token }, announce: [token.digest] })
    }
  })

  it('revokes a token that was rotated until its overlap ends, and from then on writes that end', () => {
    const [token, successor] = rotatedPair()
    const at = (instant: number) => {
      const revocation = { ...revocationAt(instant), reason: 'leaked' } as const
      return revoke(token.id, revocation).decide(seen([token, successor])).put
    }
    const before = OVERLAP_END - 1
    const early = { revokedAt: before, revokedReason: 'leaked', updatedAt: before, sealedSuccessor: null }
    expect(at(before)).toEqual([{ ...token, ...early }])
    const late = { revokedAt: OVERLAP_END, revokedReason: 'rotated', updatedAt: OVERLAP_END, sealedSuccessor: null }
    expect(at(OVERLAP_END)).toEqual([{ ...token, ...late }])
    expect(at(OVERLAP_END + 99)).toEqual([{ ...token, ...late }])
  })

  it('revokes one token and no neighbour', () => {
    const [token, successor] = rotatedPair()
    const { put, announce } = revoke(successor.id, revocationAt(NOW + 5)).decide(seen([token, successor]))
    expect(put?.map(({ id }) => id)).toEqual([successor.id])
    expect(announce).toEqual([successor.digest])
  })
})

describe('isRevoked', () => {
  it('is so by a change, whenever that was, and by the clock from the end of an overlap on', () => {
    const [token, successor] = rotatedPair()
    expect([OVERLAP_END - 1, OVERLAP_END].map((at) => isRevoked(token, at))).toEqual([false, true])
    expect(isRevoked(successor, OVERLAP_END)).toBe(false)
    expect(isRevoked(sampleRecord({ revokedAt: NOW + 5 }), NOW)).toBe(true)
    expect(isRevoked(sampleRecord({ expiresAt: NOW }), NOW)).toBe(false)
  })
})

const EDIT = { name: 'renamed', scopes: ['jobs:read'], narrowOnly: false, ceilings: [], rules: {} }

/** Every step that can put a record, for a token. */
function stepsFor({ id }: TokenRecord, at: number): readonly Step<unknown>[] {
  return [
    revoke(id, revocationAt(at)),
    suspend(id, changeAt(at)),
    resume(id, changeAt(at)),
    edit(id, { ...changeAt(at), ...EDIT }),
    rotate(id, sampleRotation({ at })),
    revokePredecessors(id, at),
    endPending(id),
    rekey(id, 'another digest'),
    revokeSome([id], everyAt(at)),
  ]
}

describe('a revocation', () => {
  const instant = fc.integer({ min: NOW - 9, max: NOW + 9 })
  const orNull = fc.option(instant)

  it('is for ever: no step and no use undoes it or moves it', () => {
    fc.assert(
      fc.property(orNull, orNull, orNull, instant, fc.nat(8), (suspendedAt, expiresAt, overlapEndsAt, at, number) => {
        const facts = { suspendedAt, expiresAt, ...(overlapEndsAt !== null && { overlapEndsAt, rotatedTo: 'next' }) }
        const token = revoked(sampleRecord(facts), { at: NOW, reason: 'leaked' })
        const { revokedAt, revokedReason } = token
        const [put = token] = stepsFor(token, at)[number]?.decide(seen([token])).put ?? []
        expect(put).toMatchObject({ id: token.id, revokedAt, revokedReason })
        expect(used(put, { at, extendTo: at + 99 })).toMatchObject({ revokedAt, revokedReason, expiresAt })
      }),
    )
  })

  it('by the clock is for ever too: no step gives a token back that it ended', () => {
    fc.assert(
      fc.property(orNull, instant, fc.nat(8), (suspendedAt, at, number) => {
        const [token, successor] = rotatedPair({ suspendedAt, overlapEndsAt: NOW })
        const [put = token] = stepsFor(token, at)[number]?.decide(seen([token, successor])).put ?? []
        for (const now of [NOW, NOW + 9]) {
          expect(statusOf(put, now)).toBe('revoked')
          expect(statusOf(used(put, { at, extendTo: NOW + 99 }), now)).toBe('revoked')
        }
      }),
    )
  })
})
