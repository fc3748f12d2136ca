import { describe, expect, it } from 'vitest'
import { changeAt, sampleRotation } from '../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { REQUEST, keptOf, seen } from '../../testing/seen.ts'
import { isPendingSuccessor } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import { rotate } from './rotate.ts'
import type { Rotation } from './rotate.ts'

const AT = NOW + 5
const OVERLAP_MS = 1_000

function rotationOf(facts: Partial<Rotation> = {}): Rotation {
  return sampleRotation({ at: AT, overlapMs: OVERLAP_MS, ...facts })
}

/** The token and its successor once it was rotated. */
function rotatedOnce(token: TokenRecord, facts: Partial<Rotation> = {}, others: readonly TokenRecord[] = []) {
  const { answer } = rotate(token.id, rotationOf(facts)).decide(seen([token, ...others]))
  if (answer.outcome !== 'rotated') throw new Error(`the token was not rotated: ${answer.outcome}`)
  return answer
}

describe('rotate', () => {
  it('wants the token, the id of its successor, and the key, and asks for no count', () => {
    const rotation = rotationOf({ idempotency: REQUEST })
    const wants = { ids: ['tok_1', rotation.successor.id], key: REQUEST.key }
    expect(rotate('tok_1', rotation).wants).toEqual(wants)
    expect(rotate('tok_1', { ...rotation, idempotency: null }).wants).toEqual({ ...wants, key: null })
  })

  it('gives the token a successor with what it has, links both, and announces the token', () => {
    const has = { name: 'deploy', scopes: ['a'], createdBy: 'ada', attributes: { team: 'x' }, networks: ['10.0.0.0/8'] }
    const token = sampleRecord({ ...has, expiresAt: NOW + 99_999, createdAt: NOW - 9, lastUsedAt: NOW - 1 })
    const rotation = rotationOf({ sealedSuccessor: 'v1.sealed', idempotency: REQUEST })
    const overlapEndsAt = AT + OVERLAP_MS
    const record = {
      ...token,
      ...{ rotatedTo: rotation.successor.id, overlapEndsAt, sealedSuccessor: 'v1.sealed', updatedAt: AT },
    }
    const successor = {
      ...sampleRecord({ ...has, ...rotation.successor, expiresAt: NOW + 99_999, createdAt: AT }),
      ...{ rotatedFrom: token.id, overlapEndsAt, line: token.line, lineCreatedAt: token.lineCreatedAt },
    }
    expect(rotate(token.id, rotation).decide(seen([token]))).toEqual({
      answer: { outcome: 'rotated', record, successor },
      put: [record],
      add: [successor],
      announce: [token.digest],
      keep: { ...REQUEST, answer: { record: successor } },
    })
    expect(isPendingSuccessor(successor)).toBe(true)
  })

  it('keeps nothing without a key', () => {
    const token = sampleRecord()
    expect(rotate(token.id, rotationOf()).decide(seen([token]))).not.toHaveProperty('keep')
  })

  it('ends the overlap with the token’s own expiry at the latest', () => {
    for (const [expiresAt, overlapEndsAt] of [
      [AT + 1, AT + 1],
      [AT + OVERLAP_MS - 1, AT + OVERLAP_MS - 1],
      [AT + OVERLAP_MS + 1, AT + OVERLAP_MS],
    ] as const) {
      const { record, successor } = rotatedOnce(sampleRecord({ expiresAt }))
      expect([record.overlapEndsAt, successor.overlapEndsAt, successor.expiresAt]).toEqual([
        ...[overlapEndsAt, overlapEndsAt],
        expiresAt,
      ])
    }
  })

  it('revokes the token at once where there is no overlap, and keeps no secret sealed under it', () => {
    const token = sampleRecord({ expiresAt: NOW + 99_999 })
    const { record, successor } = rotatedOnce(token, { overlapMs: 0, sealedSuccessor: 'v1.sealed' })
    const end = { revokedAt: AT, revokedReason: 'rotated', updatedAt: AT, overlapEndsAt: AT, sealedSuccessor: null }
    expect(record).toEqual({ ...token, ...end, rotatedTo: successor.id })
    expect(successor).toMatchObject({
      overlapEndsAt: null,
      revokedAt: null,
      revokedReason: null,
      rotatedFrom: token.id,
    })
    expect(isPendingSuccessor(successor)).toBe(false)
  })

  it('revokes nothing before the end of an overlap', () => {
    const { record } = rotatedOnce(sampleRecord(), { overlapMs: 1 })
    expect(record).toMatchObject({ overlapEndsAt: AT + 1, revokedAt: null, revokedReason: null })
  })

  it('lets the key decide before anything else', () => {
    const token = sampleRecord({ revokedAt: NOW })
    const kept = keptOf({ record: sampleRecord() })
    const { decide } = rotate(token.id, rotationOf({ idempotency: REQUEST }))
    for (const records of [[token], []]) {
      expect(decide(seen(records, { kept }))).toEqual({ answer: { outcome: 'replayed', ...kept.answer } })
      const conflict = { answer: { outcome: 'idempotency_conflict' } }
      expect(decide(seen(records, { kept: { ...kept, fingerprint: 'b' } }))).toEqual(conflict)
      expect(decide(seen(records, { kept: keptOf({ revoked: 1 }) }))).toEqual(conflict)
    }
  })

  it('refuses in this order: not found, not allowed, rotated before, id taken; each leaves the key free', () => {
    const rotation = rotationOf({ idempotency: REQUEST })
    const taken = sampleRecord({ id: rotation.successor.id })
    const decide = (...records: TokenRecord[]) => rotate('tok_1', rotation).decide(seen([...records, taken]))
    expect(decide()).toEqual({ answer: { outcome: 'not_found' } })
    const next = sampleRecord()
    const rotated = { id: 'tok_1', rotatedTo: next.id, overlapEndsAt: AT + 1 }
    for (const facts of [{ suspendedAt: NOW }, { expiresAt: AT }, { revokedAt: NOW }, { overlapEndsAt: AT }]) {
      const record = sampleRecord({ ...rotated, ...facts })
      expect(decide(record, next)).toEqual({ answer: { outcome: 'not_allowed', record } })
    }
    const record = sampleRecord(rotated)
    expect(decide(record, next)).toEqual({ answer: { outcome: 'already_rotated', record, successor: next } })
    expect(decide(record)).toEqual({ answer: { outcome: 'already_rotated', record, successor: null } })
    expect(decide(sampleRecord({ id: 'tok_1' }))).toEqual({ answer: { outcome: 'id_taken' } })
    expect(rotate('tok_1', rotation).decide(seen([sampleRecord({ id: 'tok_1' })])).answer.outcome).toBe('rotated')
  })

  it('completes the rotation that a pending successor came from in the same step', () => {
    const [first, second] = rotatedPair()
    const rotation = rotationOf()
    const { answer, put, announce, add } = rotate(second.id, rotation).decide(seen([first, second]))
    const ended = { ...first, revokedAt: AT, revokedReason: 'rotated', updatedAt: AT, sealedSuccessor: null }
    expect(put).toEqual([
      { ...second, rotatedTo: rotation.successor.id, overlapEndsAt: AT + OVERLAP_MS, updatedAt: AT },
      ended,
    ])
    expect(announce).toEqual([second.digest, first.digest])
    expect(add).toMatchObject([{ rotatedFrom: second.id, rotatedTo: null, overlapEndsAt: AT + OVERLAP_MS }])
    expect(answer).toMatchObject({ outcome: 'rotated', record: { rotatedFrom: first.id } })
  })

  it('completes it also without an overlap of its own, at the end of the first overlap at the latest', () => {
    const [first, second] = rotatedPair()
    const decided = (at: number) =>
      rotate(second.id, rotationOf({ ...changeAt(at), overlapMs: 0 })).decide(seen([first, second]))
    expect(decided(AT).put).toMatchObject([
      { id: second.id, revokedAt: AT },
      { id: first.id, revokedAt: AT, revokedReason: 'rotated' },
    ])
    expect(decided(OVERLAP_END + 5).put).toMatchObject([
      { id: second.id, revokedAt: OVERLAP_END + 5 },
      { id: first.id, revokedAt: OVERLAP_END, revokedReason: 'rotated' },
    ])
  })

  it('announces a predecessor that was revoked before, and keeps that revocation', () => {
    const [first, second] = rotatedPair({ revokedAt: NOW + 1, revokedReason: 'leaked', updatedAt: NOW + 1 })
    const { put, announce } = rotate(second.id, rotationOf()).decide(seen([first, second]))
    expect(put?.find(({ id }) => id === first.id) ?? first).toEqual(first)
    expect(announce).toEqual([second.digest, first.digest])
  })

  it('needs no predecessor that is there, and leaves one whose rotation was completed alone', () => {
    const [first, second] = rotatedPair()
    const pruned = rotate(second.id, rotationOf()).decide(seen([second]))
    expect(pruned).toMatchObject({ answer: { outcome: 'rotated' }, announce: [second.digest] })
    expect(pruned.put).toHaveLength(1)
    const completed = { ...second, overlapEndsAt: null }
    const { put, announce } = rotate(second.id, rotationOf()).decide(seen([first, completed]))
    expect(put?.map(({ id }) => id)).toEqual([second.id])
    expect(announce).toEqual([second.digest])
  })
})
