import { describe, expect, it } from 'vitest'
import { sampleRotation } from '../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { REQUEST, keptOf, seen } from '../../testing/seen.ts'
import type { TokenRecord } from '../token/token.ts'
import { rotate } from './rotate.ts'
import type { Rotation } from './rotate.ts'
import { MOST_PENDING, NOTHING_MORE } from './decision/unused-successors.ts'

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
      ...{ rotatedFrom: token.id, overlapEndsAt, pending: true, line: token.line, lineCreatedAt: token.lineCreatedAt },
    }
    expect(rotate(token.id, rotation).decide(seen([token]))).toEqual({
      answer: { outcome: 'rotated', record, successor, ended: [] },
      put: [record],
      add: [successor],
      announce: [token.digest],
      keep: { ...REQUEST, answer: { record: successor } },
    })
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
    expect(successor.pending).toBe(false)
  })

  it('revokes nothing before the end of an overlap', () => {
    const { record } = rotatedOnce(sampleRecord(), { overlapMs: 1 })
    expect(record).toMatchObject({ overlapEndsAt: AT + 1, revokedAt: null, revokedReason: null })
  })

  it('gives a leaked token no overlap, and keeps that reason', () => {
    const { record, successor } = rotatedOnce(sampleRecord(), { reason: 'leaked', sealedSuccessor: 'v1.sealed' })
    expect(record).toMatchObject({ revokedAt: AT, revokedReason: 'leaked', sealedSuccessor: null })
    expect(successor).toMatchObject({ pending: false, overlapEndsAt: null, revokedReason: null })
  })

  it('lets the key decide before anything else', () => {
    const token = sampleRecord({ revokedAt: NOW })
    const made = sampleRecord()
    const kept = keptOf({ record: made })
    const { decide } = rotate(token.id, rotationOf({ idempotency: REQUEST }))
    for (const records of [[token, made], [made]]) {
      expect(decide(seen(records, { kept }))).toEqual({
        answer: { outcome: 'replayed', record: made },
        announce: 'owner',
      })
      const conflict = { answer: { outcome: 'idempotency_conflict' } }
      expect(decide(seen(records, { kept: { ...kept, fingerprint: 'b' } }))).toEqual(conflict)
      expect(decide(seen(records, { kept: keptOf({ revoked: 1 }) }))).toEqual(conflict)
    }
  })

  it('answers a repeated request with a successor only as long as that is active', () => {
    const made = sampleRecord()
    const kept = keptOf({ record: made })
    const rotation = rotationOf({ idempotency: REQUEST })
    const decided = (records: TokenRecord[], ids: string[] = []) =>
      rotate('tok_1', rotation, { ids, counting: false }).decide(seen(records, { kept }))
    expect(decided([])).toEqual({ answer: { outcome: 'unseen', ids: [made.id], counting: false } })
    expect(decided([], [made.id])).toEqual({ answer: { outcome: 'successor_ended', record: made } })
    for (const facts of [{ suspendedAt: NOW }, { revokedAt: NOW }, { expiresAt: AT }]) {
      const record = { ...made, ...facts }
      expect(decided([record])).toEqual({ answer: { outcome: 'successor_ended', record } })
    }
  })

  it('refuses in this order: not found, not allowed, rotated before, id taken; each leaves the key free', () => {
    const rotation = rotationOf({ idempotency: REQUEST, sealedSuccessor: 'v1.sealed' })
    const taken = sampleRecord({ id: rotation.successor.id })
    const decide = (...records: TokenRecord[]) => rotate('tok_1', rotation).decide(seen([...records, taken]))
    expect(decide()).toEqual({ answer: { outcome: 'not_found' } })
    const next = sampleRecord({ pending: true, rotatedFrom: 'tok_1' })
    const rotated = { id: 'tok_1', rotatedTo: next.id, overlapEndsAt: AT + 1 }
    for (const facts of [{ suspendedAt: NOW }, { expiresAt: AT }, { revokedAt: NOW }, { overlapEndsAt: AT }]) {
      const record = sampleRecord({ ...rotated, ...facts })
      expect(decide(record, next)).toEqual({ answer: { outcome: 'not_allowed', record } })
    }
    const record = sampleRecord(rotated)
    const again = { outcome: 'already_rotated', record, successor: next }
    expect(decide(record, next)).toEqual({ answer: again, announce: [record.digest] })
    expect(decide(sampleRecord({ id: 'tok_1' }))).toEqual({ answer: { outcome: 'id_taken' } })
    expect(rotate('tok_1', rotation).decide(seen([sampleRecord({ id: 'tok_1' })])).answer.outcome).toBe('rotated')
  })
})

/** A token with a row of successors that nobody has used. */
function lineOf(length: number, facts: (number: number) => Partial<TokenRecord> = () => ({})): TokenRecord[] {
  const ids = Array.from({ length }, (_, number) => `tok_${number}`)
  return ids.map((id, number) =>
    sampleRecord({
      ...{ id, line: 'tok_0', rotatedFrom: ids[number - 1] ?? null, rotatedTo: ids[number + 1] ?? null },
      ...{ pending: number > 0, overlapEndsAt: NOW + 1_000 + number },
      ...facts(number),
    }),
  )
}

/** Takes the step as a store does that has these tokens, and shows what the step asks for. */
function taken(records: readonly TokenRecord[], id: string, rotation: Rotation, active = 0) {
  for (let more = NOTHING_MORE; ; ) {
    const { wants, decide } = rotate(id, rotation, more)
    const wanted = records.filter((record) => wants.ids.includes(record.id))
    const near = new Set(wanted.flatMap((record) => [record.id, record.rotatedFrom, record.rotatedTo]))
    const shown = records.filter((record) => near.has(record.id))
    const decision = decide(seen(shown, wants.active === undefined ? {} : { active }))
    if (decision.answer.outcome !== 'unseen') return decision
    more = {
      ids: [...more.ids, ...decision.answer.ids],
      counting: more.counting || decision.answer.counting,
    }
  }
}

describe('rotate, for a token of a line', () => {
  it('leaves the predecessor of a pending successor until a later one is used, and its overlap as it was', () => {
    const [first, second] = rotatedPair()
    const rotation = rotationOf()
    const { put, announce, add } = taken([first, second], second.id, rotation)
    const overlapEndsAt = AT + OVERLAP_MS
    expect(put).toEqual([{ ...second, rotatedTo: rotation.successor.id, overlapEndsAt, updatedAt: AT }])
    expect(announce).toEqual([second.digest])
    expect(add).toMatchObject([{ rotatedFrom: second.id, rotatedTo: null, overlapEndsAt, pending: true }])
  })

  it('makes a successor that is pending also without an overlap, if an earlier token still overlaps', () => {
    const [first, second] = rotatedPair()
    const { put, add } = taken([first, second], second.id, rotationOf({ overlapMs: 0 }))
    expect(put).toMatchObject([{ id: second.id, revokedAt: AT }])
    expect(add).toMatchObject([{ pending: true, overlapEndsAt: OVERLAP_END }])
  })

  it('gives a token another successor, and revokes those that nobody has used, in the same step', () => {
    const [first, second, third] = lineOf(3) as [TokenRecord, TokenRecord, TokenRecord]
    const rotation = rotationOf()
    const { answer, put, announce, add } = taken([first, second, third], first.id, rotation)
    const end = { revokedAt: AT, revokedReason: 'rotated', updatedAt: AT }
    expect(put).toEqual([
      { ...first, rotatedTo: rotation.successor.id, updatedAt: AT },
      { ...second, ...end },
      { ...third, ...end },
    ])
    expect(announce).toEqual([first.digest, second.digest, third.digest])
    expect(add).toMatchObject([{ rotatedFrom: first.id, pending: true, overlapEndsAt: first.overlapEndsAt }])
    expect(answer).toMatchObject({ outcome: 'rotated', ended: [{ id: second.id }, { id: third.id }] })
  })

  it('never lengthens an overlap, and may shorten it', () => {
    for (const [overlapMs, overlapEndsAt] of [
      [5_000, OVERLAP_END],
      [10, AT + 10],
    ] as const) {
      const pair = rotatedPair()
      expect(taken(pair, pair[0].id, rotationOf({ overlapMs })).put?.[0]).toMatchObject({ overlapEndsAt })
    }
  })

  it('gives a caller with the secret another successor only if the former one has ended', () => {
    const rotation = rotationOf({ sealedSuccessor: 'v1.new' })
    for (const facts of [{}, { suspendedAt: NOW }]) {
      const [record, successor] = rotatedPair({}, facts)
      const answer = { outcome: 'already_rotated', record, successor }
      expect(taken([record, successor], record.id, rotation)).toEqual({ answer, announce: [record.digest] })
    }
    for (const facts of [{ revokedAt: NOW }, { expiresAt: AT }]) {
      const pair = rotatedPair({}, facts)
      expect(taken(pair, pair[0].id, rotation).answer.outcome).toBe('rotated')
    }
    const [pruned] = rotatedPair()
    expect(taken([pruned], pruned.id, rotation).answer.outcome).toBe('rotated')
    const leaked = rotatedPair()
    expect(taken(leaked, leaked[0].id, { ...rotation, reason: 'leaked' })).toMatchObject({
      answer: { ended: [{ id: leaked[1].id, revokedReason: 'leaked' }] },
    })
  })

  it('keeps a successor that was used', () => {
    const [record, used] = rotatedPair({}, { pending: false })
    const answer = { outcome: 'already_rotated', record, successor: used }
    expect(taken([record, used], record.id, rotationOf())).toEqual({ answer })
  })

  it('asks for the count if nobody holds the place of the new successor, and then for the limit', () => {
    const ended = rotatedPair({}, { revokedAt: NOW })
    const rotation = rotationOf({ activeLimit: 2 })
    expect(taken(ended, ended[0].id, rotation, 1).answer.outcome).toBe('rotated')
    expect(taken(ended, ended[0].id, rotation, 2).answer).toEqual({ outcome: 'limit_reached', active: 2 })
    const pending = rotatedPair()
    expect(taken(pending, pending[0].id, rotation, 2).answer.outcome).toBe('rotated')
    expect(taken([sampleRecord({ id: 'tok_1' })], 'tok_1', rotation, 2).answer.outcome).toBe('rotated')
  })

  it('makes no longer rows of unused successors than a step can be shown', () => {
    const line = lineOf(MOST_PENDING + 1)
    expect(taken(line, `tok_${MOST_PENDING}`, rotationOf()).answer).toEqual({ outcome: 'too_many_unused' })
    expect(taken(lineOf(MOST_PENDING), `tok_${MOST_PENDING - 1}`, rotationOf()).answer.outcome).toBe('rotated')
    expect(taken(line, 'tok_0', rotationOf()).answer).toMatchObject({ outcome: 'rotated' })
  })
})
