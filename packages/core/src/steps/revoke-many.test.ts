import { describe, expect, it } from 'vitest'
import { everyAt } from '../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { REQUEST, keptOf, seen } from '../../testing/seen.ts'
import { claimBulk, finishBulk, isMeant, revokeSome } from './revoke-many.ts'
import type { BulkRevocation } from './revoke-many.ts'

const AT = NOW + 5
const KEYED = everyAt(AT, { idempotency: REQUEST })
const CONFLICT = { outcome: 'idempotency_conflict' }

describe('isMeant', () => {
  const means = (facts: Partial<BulkRevocation>, record = sampleRecord()) => isMeant(record, everyAt(AT, facts))

  it('means every token that was not revoked by a change, whatever else its status', () => {
    const [rotated, successor] = rotatedPair()
    const ended = [sampleRecord({ suspendedAt: NOW }), sampleRecord({ expiresAt: NOW }), rotated, successor]
    for (const record of [sampleRecord(), ...ended]) expect(isMeant(record, everyAt(OVERLAP_END))).toBe(true)
    expect(means({}, sampleRecord({ revokedAt: AT }))).toBe(false)
  })

  it('spares one token', () => {
    expect([means({ exceptId: 'tok_1' }, sampleRecord({ id: 'tok_1' })), means({ exceptId: 'tok_1' })]).toEqual([
      ...[false, true],
    ])
  })

  it('spares what was issued from an instant on', () => {
    expect([NOW, NOW + 1].map((issuedBefore) => means({ issuedBefore }))).toEqual([false, true])
  })

  it('spares what has not the scope, to the letter', () => {
    const record = sampleRecord({ scopes: ['a:*', 'b'] })
    expect(['a:*', 'b', 'a:b', 'B', 'a'].map((scope) => means({ scope }, record))).toEqual([
      ...[true, true],
      ...[false, false, false],
    ])
  })

  it('spares what was used from an instant on, or created from it on and never used', () => {
    const lastUsedBefore = NOW - 5
    const meansUsed = (createdAt: number, lastUsedAt: number | null) =>
      means({ lastUsedBefore }, sampleRecord({ createdAt, lastUsedAt }))
    expect([meansUsed(NOW - 9, null), meansUsed(NOW - 9, NOW - 6)]).toEqual([true, true])
    expect([meansUsed(NOW - 5, null), meansUsed(NOW - 9, NOW - 5)]).toEqual([false, false])
    // A clock that was set back recorded it: the use counts, and not the creation.
    expect(meansUsed(NOW - 4, NOW - 6)).toBe(true)
  })

  it('spares what another person made, to the letter', () => {
    const made = [null, 'dana', 'Dana'].map((createdBy) => means({ createdBy: 'dana' }, sampleRecord({ createdBy })))
    expect(made).toEqual([false, true, false])
    expect(means({ createdBy: null }, sampleRecord({ createdBy: 'dana' }))).toBe(true)
  })

  it('spares what no token of the lines made', () => {
    const records = [[], ['a'], ['b', 'a'], ['b']].map((makers) => sampleRecord({ makers, line: 'a' }))
    expect(records.map((record) => means({ makers: ['a'] }, record))).toEqual([false, true, true, false])
    expect(records.map((record) => means({ makers: [] }, record))).toEqual([false, false, false, false])
  })

  it('means what meets every condition', () => {
    const record = sampleRecord({ scopes: ['a'] })
    const all = { exceptId: 'other', issuedBefore: NOW + 1, scope: 'a', lastUsedBefore: NOW + 1 }
    expect(means(all, record)).toBe(true)
    for (const fails of [{ exceptId: record.id }, { issuedBefore: NOW }, { scope: 'b' }, { lastUsedBefore: NOW }]) {
      expect(means({ ...all, ...fails }, record)).toBe(false)
    }
  })
})

describe('revokeSome', () => {
  it('wants the tokens, and not the key', () => {
    expect(revokeSome(['a', 'b'], KEYED).wants).toEqual({ ids: ['a', 'b'], key: null, unacknowledged: true })
  })

  it('revokes each token that is meant in that instant, as revoke does, and announces the owner', () => {
    const tokens = [sampleRecord(), sampleRecord({ suspendedAt: NOW }), sampleRecord({ expiresAt: NOW })]
    const gone = sampleRecord({ revokedAt: NOW + 1 })
    const used = sampleRecord({ lastUsedAt: NOW + 2 })
    const ids = [...tokens, gone, used].map(({ id }) => id)
    const selection = { ...KEYED, reason: 'administrative', lastUsedBefore: NOW + 1 } as const
    const end = { revokedAt: AT, revokedReason: 'administrative', updatedAt: AT }
    expect(revokeSome([...ids, 'unknown'], selection).decide(seen([...tokens, gone, used]))).toEqual({
      answer: 3,
      put: tokens.map((token) => ({ ...token, ...end })),
      announce: 'owner',
    })
  })

  it('announces nothing if it revokes nothing', () => {
    const gone = sampleRecord({ revokedAt: NOW })
    expect(revokeSome([gone.id], KEYED).decide(seen([gone]))).toEqual({ answer: 0 })
  })

  it('revokes no neighbour that it was shown only beside a token', () => {
    const [rotated, successor] = rotatedPair()
    const { put } = revokeSome([rotated.id], everyAt(AT)).decide(seen([rotated, successor]))
    expect(put?.map(({ id }) => id)).toEqual([rotated.id])
  })

  it('writes what the clock had revoked, and does not count it', () => {
    const [rotated, successor] = rotatedPair()
    const at = (instant: number) =>
      revokeSome([rotated.id, successor.id], everyAt(instant)).decide(seen([rotated, successor]))
    expect(at(OVERLAP_END - 1)).toMatchObject({ answer: 2, put: [{ revokedAt: OVERLAP_END - 1 }, {}] })
    expect(at(OVERLAP_END + 5)).toMatchObject({
      answer: 1,
      put: [
        { id: rotated.id, revokedAt: OVERLAP_END, revokedReason: 'rotated' },
        { id: successor.id, revokedAt: OVERLAP_END + 5, revokedReason: 'requested' },
      ],
    })
  })

  it('made again after a failure revokes the rest', () => {
    const [first, second] = [sampleRecord(), sampleRecord()]
    const { put = [] } = revokeSome([first.id], everyAt(AT)).decide(seen([first, second]))
    const again = revokeSome([first.id, second.id], everyAt(AT + 1)).decide(seen([...put, second]))
    expect(again).toMatchObject({ answer: 1, put: [{ id: second.id, revokedAt: AT + 1 }] })
  })
})

describe('claimBulk', () => {
  it('claims the key without an answer, and announces nothing', () => {
    expect(claimBulk(KEYED).wants).toEqual({ ids: [], key: REQUEST.key })
    expect(claimBulk(KEYED).decide(seen())).toEqual({ answer: null, keep: { ...REQUEST, answer: null } })
  })

  it('lets a request go on that finds its own claim without an answer', () => {
    expect(claimBulk(KEYED).decide(seen([], { kept: keptOf(null) })).answer).toBeNull()
  })

  it('answers an equal request with its count, and announces the owner: the first may have failed before it did', () => {
    const decision = { answer: { outcome: 'replayed', revoked: 3 }, announce: 'owner' }
    expect(claimBulk(KEYED).decide(seen([], { kept: keptOf({ revoked: 3 }) }))).toEqual(decision)
  })

  it('leaves the key to another request that used it, until it expires', () => {
    const others = [keptOf(null, { fingerprint: 'b' }), keptOf({ revoked: 1 }, { fingerprint: 'b' })]
    for (const kept of [...others, keptOf({ record: sampleRecord() })]) {
      expect(claimBulk(KEYED).decide(seen([], { kept }))).toEqual({ answer: CONFLICT })
      const expired = { ...kept, expiresAt: AT }
      expect(claimBulk(KEYED).decide(seen([], { kept: expired }))).toMatchObject({ answer: null, keep: REQUEST })
    }
  })
})

describe('finishBulk', () => {
  it('revokes the token that asks, if it is meant', () => {
    const acting = sampleRecord({ id: 'acting' })
    const asking = everyAt(AT, { last: 'acting' })
    const decision = finishBulk(asking, 3).decide(seen([acting]))
    expect(decision).toMatchObject({ answer: { revoked: 4 }, put: [{ id: 'acting', revokedAt: AT }] })
    expect(finishBulk(asking, 3).wants.ids).toEqual(['acting'])
    const spared = finishBulk({ ...asking, exceptId: 'acting' }, 3).decide(seen([acting]))
    expect(spared).toEqual({ answer: { outcome: 'done', revoked: 3 }, announce: 'owner' })
  })

  it('announces the owner in any case, and gives the key its answer', () => {
    expect(finishBulk(KEYED, 3).wants).toEqual({ ids: [], key: REQUEST.key })
    const answer = { outcome: 'done', revoked: 3 }
    const keep = { ...REQUEST, answer: { revoked: 3 } }
    expect(finishBulk(KEYED, 3).decide(seen([], { kept: keptOf(null) }))).toEqual({ answer, announce: 'owner', keep })
    expect(finishBulk(everyAt(AT), 3).decide(seen())).toEqual({ answer, announce: 'owner' })
    expect(finishBulk(everyAt(AT), 0).decide(seen())).toMatchObject({ announce: 'owner' })
  })

  it('answers as an equal request that finished first did, and keeps that answer', () => {
    expect(finishBulk(KEYED, 3).decide(seen([], { kept: keptOf({ revoked: 7 }) }))).toEqual({
      answer: { outcome: 'replayed', revoked: 7 },
      announce: 'owner',
    })
  })

  it('announces what it revoked also where another request has the key by then', () => {
    const kept = keptOf(null, { fingerprint: 'b' })
    expect(finishBulk(KEYED, 3).decide(seen([], { kept }))).toEqual({ answer: CONFLICT, announce: 'owner' })
  })
})
