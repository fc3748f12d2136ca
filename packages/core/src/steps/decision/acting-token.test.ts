import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../../testing/rotated-pair.ts'
import { REQUEST, keptOf, seen } from '../../../testing/seen.ts'
import type { TokenRecord } from '../../token/token.ts'
import { suspend } from '../suspend.ts'
import { actedBy } from './acting-token.ts'
import type { ActingToken } from './acting-token.ts'

const TARGET = sampleRecord({ id: 'target' })
const ACTING = sampleRecord({ id: 'acting', scopes: ['tokens:write'], networks: ['192.0.2.0/24'], expiresAt: NOW + 9 })
const ASKED: ActingToken = { id: 'acting', requirements: [{ scopes: ['tokens:write'] }], ip: '192.0.2.7' }

/** The step with which the acting token suspends another. */
function suspending(actor = ASKED, at = NOW) {
  return actedBy(actor, at, {}, () => suspend('target', { at, idempotency: REQUEST }))
}

function decided(acting: Partial<TokenRecord>, actor: Partial<ActingToken> = {}, at = NOW) {
  return suspending({ ...ASKED, ...actor }, at).decide(seen([TARGET, { ...ACTING, ...acting }]))
}

describe('actedBy', () => {
  it('wants the token beside the rest, and once if it acts on itself', () => {
    expect(suspending().wants).toMatchObject({ ids: ['target', 'acting'], key: REQUEST.key })
    expect(suspending({ id: 'target' }).wants.ids).toEqual(['target'])
  })

  it('writes what the step decides, with its answer, as long as the token may be used', () => {
    const plain = suspend('target', { at: NOW, idempotency: REQUEST }).decide(seen([TARGET]))
    expect(decided({})).toEqual({ ...plain, answer: { ok: true, answer: plain.answer } })
  })

  it('makes the step of the token as it is then', () => {
    const { answer } = actedBy(ASKED, NOW, {}, (acting) => ({
      operation: 'read a name',
      wants: { ids: [], key: null },
      decide: () => ({ answer: acting?.name ?? null }),
    })).decide(seen([{ ...ACTING, name: 'renamed since' }]))
    expect(answer).toEqual({ ok: true, answer: 'renamed since' })
  })

  it.each([
    ['revoked', { revokedAt: NOW }],
    ['suspended', { suspendedAt: NOW }],
    ['expired', { expiresAt: NOW }],
    ['network_not_allowed', { networks: ['192.0.2.8'] }],
    ['insufficient_scope', { scopes: ['tokens:read'] }],
  ] as const)('writes nothing if it is %s by then', (reason, since) => {
    const { answer, ...written } = decided(since)
    expect(written).toEqual({})
    expect(answer).toMatchObject({ ok: false, reason, record: { id: 'acting' } })
  })

  it('writes nothing from the end of a credential on that is derived from the token', () => {
    const until = new Date(NOW)
    expect(decided({}, { until }, NOW - 1).answer).toMatchObject({ ok: true })
    expect(decided({}, { until })).toEqual({ answer: expect.objectContaining({ ok: false, reason: 'expired' }) })
    for (const never of [null, undefined]) expect(decided({}, { until: never }).answer).toMatchObject({ ok: true })
  })

  it('refuses an unknown token, and one without an address to its networks', () => {
    const unknown = { ok: false, reason: 'unknown', record: null, scopes: [] }
    expect(suspending().decide(seen([TARGET]))).toEqual({ answer: unknown })
    expect(decided({}, { ip: undefined }).answer).toMatchObject({ reason: 'network_not_allowed' })
  })

  it('asks for every requirement, and names the scopes of the first that is not met', () => {
    const requirements = [{ scopes: ['tokens:write'] }, { scopes: ['a', 'b'], anyScope: ['c'] }, { scopes: ['d'] }]
    expect(decided({}, { requirements }).answer).toMatchObject({
      reason: 'insufficient_scope',
      scopes: ['a', 'b', 'c'],
    })
    expect(decided({ scopes: ['tokens:write', 'a', 'b', 'c', 'd'] }, { requirements }).answer.ok).toBe(true)
  })

  it('decides before the key: a revoked token is told nothing of what it did', () => {
    const kept = keptOf({ record: TARGET })
    const records = [TARGET, { ...ACTING, revokedAt: NOW }]
    expect(suspending().decide(seen(records, { kept })).answer).toMatchObject({ ok: false, reason: 'revoked' })
    expect(suspending().decide(seen([TARGET, ACTING], { kept })).answer).toMatchObject({
      ...{ ok: true, answer: { outcome: 'replayed' } },
    })
  })

  it('lets a rotated token act until the end of its overlap', () => {
    const [rotated, successor] = rotatedPair()
    const act = (at: number) => suspending({ id: rotated.id }, at).decide(seen([TARGET, rotated, successor])).answer.ok
    expect([act(OVERLAP_END - 1), act(OVERLAP_END)]).toEqual([true, false])
  })
})
