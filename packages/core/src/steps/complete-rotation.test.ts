import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { seen } from '../../testing/seen.ts'
import { endPending, revokePredecessors } from './complete-rotation.ts'

const AT = NOW + 5
const END = { revokedAt: AT, revokedReason: 'rotated', updatedAt: AT, sealedSuccessor: null } as const

/** Tokens that are no pending successors. */
function othersThanPending() {
  const [rotated, successor] = rotatedPair()
  const used = { ...successor, pending: false }
  return [
    sampleRecord(),
    rotated,
    { ...used, overlapEndsAt: null },
    { ...used, rotatedTo: 'tok_3', overlapEndsAt: OVERLAP_END },
  ]
}

/** A token in use, its successor, which was rotated before anybody used it, and the successor of that. */
function rowOfThree() {
  const [first, second] = rotatedPair()
  const [, third] = rotatedPair()
  return [
    first,
    { ...second, rotatedTo: third.id, overlapEndsAt: OVERLAP_END + 9 },
    { ...third, rotatedFrom: second.id, overlapEndsAt: OVERLAP_END + 9 },
  ] as const
}

describe('revokePredecessors', () => {
  it('wants the successor, whose predecessor is shown with it', () => {
    expect(revokePredecessors('tok_2', AT).wants).toEqual({ ids: ['tok_2'], key: null })
  })

  it('revokes the predecessor and announces it; the successor stays pending until that is acknowledged', () => {
    const [predecessor, successor] = rotatedPair()
    const ended = [{ ...predecessor, ...END }]
    expect(revokePredecessors(successor.id, AT).decide(seen([predecessor, successor]))).toEqual({
      answer: { outcome: 'done', record: successor, ended },
      put: ended,
      announce: [predecessor.digest],
    })
  })

  it('revokes all earlier tokens that may overlap, once it is shown them', () => {
    const [first, second, third] = rowOfThree()
    const unseen = { outcome: 'unseen', ids: [second.id], counting: false }
    expect(revokePredecessors(third.id, AT).decide(seen([second, third]))).toEqual({ answer: unseen })
    const more = { ids: [second.id], counting: false }
    const step = revokePredecessors(third.id, AT, more)
    expect(step.wants).toEqual({ ids: [third.id, second.id], key: null })
    expect(step.decide(seen([first, second, third]))).toMatchObject({
      put: [
        { id: second.id, ...END },
        { id: first.id, ...END },
      ],
      announce: [second.digest, first.digest],
    })
    expect(step.decide(seen([second, third])).put).toMatchObject([{ id: second.id }])
  })

  it('revokes those before a token that was rotated itself, and leaves its successor', () => {
    const [first, second, third] = rowOfThree()
    const { put, announce } = revokePredecessors(second.id, AT).decide(seen([first, second, third]))
    expect(put).toEqual([{ ...first, ...END }])
    expect(announce).toEqual([first.digest])
  })

  it('writes the end of an overlap that is over', () => {
    const [predecessor, successor] = rotatedPair()
    const { put } = revokePredecessors(successor.id, OVERLAP_END + 5).decide(seen([predecessor, successor]))
    expect(put).toMatchObject([{ revokedAt: OVERLAP_END, revokedReason: 'rotated', updatedAt: OVERLAP_END }])
  })

  it('keeps the revocation of a predecessor, and announces it: who revoked it may have failed in between', () => {
    const [predecessor, successor] = rotatedPair({ revokedAt: NOW + 1, revokedReason: 'leaked' })
    expect(revokePredecessors(successor.id, AT).decide(seen([predecessor, successor]))).toEqual({
      answer: { outcome: 'done', record: successor, ended: [predecessor] },
      announce: [predecessor.digest],
    })
  })

  it('leaves the predecessor of a successor that was revoked before its first use, or that the clock ended', () => {
    const [predecessor, successor] = rotatedPair({}, { revokedAt: NOW + 1 })
    const over = { ...successor, revokedAt: null, rotatedTo: 'tok_3', overlapEndsAt: AT }
    for (const record of [successor, over]) {
      const answer = { outcome: 'done', record, ended: [] }
      expect(revokePredecessors(record.id, AT).decide(seen([predecessor, record]))).toEqual({ answer })
    }
  })

  it('revokes the predecessor of a successor that is suspended or expired', () => {
    for (const facts of [{ suspendedAt: NOW }, { expiresAt: NOW + 1 }]) {
      const [predecessor, successor] = rotatedPair({}, facts)
      const { put } = revokePredecessors(successor.id, AT).decide(seen([predecessor, successor]))
      expect(put).toMatchObject([{ id: predecessor.id, revokedAt: AT }])
    }
  })

  it('changes nothing where the predecessor is gone, and finds no unknown token', () => {
    const [, successor] = rotatedPair()
    const done = { outcome: 'done', ended: [] }
    const answer = { ...done, record: successor }
    expect(revokePredecessors(successor.id, AT).decide(seen([successor]))).toEqual({ answer })
    expect(revokePredecessors('unknown', AT).decide(seen())).toEqual({ answer: { ...done, record: null } })
  })

  it('leaves the neighbours of a token that is not pending as they are', () => {
    const all = othersThanPending()
    for (const record of all) {
      const answer = { outcome: 'done', record, ended: [] }
      expect(revokePredecessors(record.id, AT).decide(seen([...all, record]))).toEqual({ answer })
    }
  })
})

describe('endPending', () => {
  it('wants the successor', () => {
    expect(endPending('tok_2').wants).toEqual({ ids: ['tok_2'], key: null, unacknowledged: true })
  })

  it('ends the pending state and changes nothing else, and announces the token', () => {
    for (const facts of [{}, { suspendedAt: NOW }, { expiresAt: NOW + 1 }]) {
      const [predecessor, successor] = rotatedPair({}, facts)
      const record = { ...successor, pending: false, overlapEndsAt: null }
      for (const shown of [[predecessor, successor], [successor]]) {
        const decision = { answer: record, put: [record], announce: [successor.digest] }
        expect(endPending(successor.id).decide(seen(shown))).toEqual(decision)
      }
    }
  })

  it('leaves a token that was rotated the end of its own overlap', () => {
    const [, second, third] = rowOfThree()
    const record = { ...second, pending: false }
    expect(endPending(second.id).decide(seen([second, third])).put).toEqual([record])
  })

  it('leaves every token that is revoked or not pending as it is, and finds no unknown one', () => {
    const all = [...othersThanPending(), rotatedPair({}, { revokedAt: NOW })[1]]
    for (const token of all) expect(endPending(token.id).decide(seen([...all, token]))).toEqual({ answer: token })
    expect(endPending('unknown').decide(seen())).toEqual({ answer: null })
  })
})
