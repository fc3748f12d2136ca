import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { seen } from '../../testing/seen.ts'
import { endPending, revokePredecessor } from './complete-rotation.ts'

const AT = NOW + 5

/** Tokens that are no pending successors. */
function othersThanPending() {
  const [rotated, successor] = rotatedPair()
  const overlapping = { ...successor, rotatedTo: 'tok_3', overlapEndsAt: OVERLAP_END }
  return [sampleRecord(), rotated, { ...successor, overlapEndsAt: null }, overlapping]
}

describe('revokePredecessor', () => {
  it('wants the successor, whose predecessor is shown with it', () => {
    expect(revokePredecessor('tok_2', AT).wants).toEqual({ ids: ['tok_2'], key: null })
  })

  it('revokes the predecessor and announces it; the successor stays pending until that is acknowledged', () => {
    const [predecessor, successor] = rotatedPair()
    const end = { revokedAt: AT, revokedReason: 'rotated', updatedAt: AT, sealedSuccessor: null }
    expect(revokePredecessor(successor.id, AT).decide(seen([predecessor, successor]))).toEqual({
      answer: successor,
      put: [{ ...predecessor, ...end }],
      announce: [predecessor.digest],
    })
  })

  it('writes the end of an overlap that is over', () => {
    const [predecessor, successor] = rotatedPair()
    const { put } = revokePredecessor(successor.id, OVERLAP_END + 5).decide(seen([predecessor, successor]))
    expect(put).toMatchObject([{ revokedAt: OVERLAP_END, revokedReason: 'rotated', updatedAt: OVERLAP_END }])
  })

  it('keeps the revocation of a predecessor, and announces it: who revoked it may have failed in between', () => {
    const [predecessor, successor] = rotatedPair({ revokedAt: NOW + 1, revokedReason: 'leaked' })
    const decision = revokePredecessor(successor.id, AT).decide(seen([predecessor, successor]))
    expect(decision).toEqual({ answer: successor, announce: [predecessor.digest] })
  })

  it('revokes the predecessor of a successor of any status', () => {
    for (const facts of [{ suspendedAt: NOW }, { expiresAt: NOW + 1 }, { revokedAt: NOW }]) {
      const [predecessor, successor] = rotatedPair({}, facts)
      const { put } = revokePredecessor(successor.id, AT).decide(seen([predecessor, successor]))
      expect(put).toMatchObject([{ id: predecessor.id, revokedAt: AT }])
    }
  })

  it('changes nothing where the predecessor is gone, and finds no unknown token', () => {
    const [, successor] = rotatedPair()
    expect(revokePredecessor(successor.id, AT).decide(seen([successor]))).toEqual({ answer: successor })
    expect(revokePredecessor('unknown', AT).decide(seen())).toEqual({ answer: null })
  })

  it('leaves the neighbours of a token that is not pending as they are', () => {
    const all = othersThanPending()
    for (const token of all)
      expect(revokePredecessor(token.id, AT).decide(seen([...all, token]))).toEqual({ answer: token })
  })
})

describe('endPending', () => {
  it('wants the successor', () => {
    expect(endPending('tok_2').wants).toEqual({ ids: ['tok_2'], key: null })
  })

  it('ends the pending state and changes nothing else, whatever the status, and announces the token', () => {
    for (const facts of [{}, { suspendedAt: NOW }, { expiresAt: NOW + 1 }, { revokedAt: NOW }]) {
      const [predecessor, successor] = rotatedPair({}, facts)
      const record = { ...successor, overlapEndsAt: null }
      for (const shown of [[predecessor, successor], [successor]]) {
        const decision = { answer: record, put: [record], announce: [successor.digest] }
        expect(endPending(successor.id).decide(seen(shown))).toEqual(decision)
      }
    }
  })

  it('leaves every token that is not pending as it is, and finds no unknown one', () => {
    const all = othersThanPending()
    for (const token of all) expect(endPending(token.id).decide(seen([...all, token]))).toEqual({ answer: token })
    expect(endPending('unknown').decide(seen())).toEqual({ answer: null })
  })
})
