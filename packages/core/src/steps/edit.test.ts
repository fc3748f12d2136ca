import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { OVERLAP_END, rotatedPair } from '../../testing/rotated-pair.ts'
import { REQUEST, keptOf, seen } from '../../testing/seen.ts'
import { covers } from '../token/scope.ts'
import type { TokenRecord } from '../token/token.ts'
import type { Ceiling } from './decision/ceiling.ts'
import type { Decision } from './decision/decision.ts'
import { edit } from './edit.ts'
import type { Edit, EditOutcome } from './edit.ts'

const AT = NOW + 5

function editOf(facts: Partial<Edit>): Edit {
  return {
    at: AT,
    idempotency: null,
    name: null,
    scopes: null,
    narrowOnly: false,
    ceilings: [],
    rules: {},
    ...facts,
  }
}

function edited(token: TokenRecord, facts: Partial<Edit>): Decision<EditOutcome> {
  return edit(token.id, editOf(facts)).decide(seen([token]))
}

function refusal(scopes: readonly string[], lackedBy: string): object {
  return { answer: { outcome: 'insufficient_scope', scopes, lackedBy } }
}

/** The ceiling of somebody with these scopes. */
function giving(scopes: readonly string[]): Ceiling {
  return { scopes, networks: null, expiresAt: null }
}

describe('edit', () => {
  it('sets what is asked for and updatedAt, and leaves the rest, also of a suspended and an expired token', () => {
    const scopes = ['jobs:run']
    for (const token of [sampleRecord({ suspendedAt: NOW }), sampleRecord({ expiresAt: NOW + 1 })]) {
      for (const facts of [{ name: 'renamed' }, { scopes }, { name: 'renamed', scopes }, { scopes: [] }]) {
        const record = { ...token, ...facts, updatedAt: AT }
        const decision = { answer: { outcome: 'done', record }, put: [record], announce: [token.digest] }
        expect(edited(token, facts)).toEqual(decision)
      }
    }
  })

  it('takes the order of scopes for a change', () => {
    const token = sampleRecord({ scopes: ['a', 'b'] })
    expect(edited(token, { scopes: ['b', 'a'] }).put).toEqual([{ ...token, scopes: ['b', 'a'], updatedAt: AT }])
  })

  it('that changes nothing is done, whoever asks, and announces again', () => {
    const token = sampleRecord()
    const { name, scopes } = token
    for (const facts of [{}, { name }, { scopes }, { name, scopes }]) {
      for (const limits of [{}, { narrowOnly: true }, { ceilings: [giving([])] }]) {
        const decision = { answer: { outcome: 'done', record: token }, announce: [token.digest] }
        expect(edited(token, { ...facts, ...limits })).toEqual(decision)
      }
    }
  })

  it('never moves updatedAt back', () => {
    const token = sampleRecord({ updatedAt: AT + 5 })
    expect(edited(token, { name: 'renamed' }).put).toEqual([{ ...token, name: 'renamed' }])
  })

  it('shares no list with the request, which its sender may still change', () => {
    const scopes = ['jobs:run']
    const [record] = edited(sampleRecord(), { scopes }).put ?? []
    scopes.push('admin')
    expect(record?.scopes).toEqual(['jobs:run'])
  })

  it('is not allowed for a revoked token, nor from the end of an overlap on, whatever it asks for', () => {
    const revoked = sampleRecord({ revokedAt: NOW })
    const [token] = rotatedPair()
    const scopes = ['admin']
    for (const facts of [{ name: 'late' }, {}, { scopes, narrowOnly: true }, { scopes, ceilings: [giving([])] }]) {
      for (const record of [revoked, token]) {
        const decision = edited(record, { ...facts, at: OVERLAP_END, idempotency: REQUEST })
        expect(decision).toEqual({ answer: { outcome: 'not_allowed', record } })
      }
    }
    const answer = { outcome: 'done' }
    expect(edited(token, { name: 'early', at: OVERLAP_END - 1 })).toMatchObject({ answer })
  })

  it('that may only narrow refuses what the token does not hold, and leaves the key free', () => {
    const token = sampleRecord({ scopes: ['a', 'b'] })
    const narrow = (scopes: readonly string[]) => edited(token, { scopes, narrowOnly: true, idempotency: REQUEST })
    expect(narrow(['c', 'a', 'd'])).toEqual(refusal(['c', 'd'], 'token'))
    expect(narrow(['a'])).toMatchObject({ answer: { outcome: 'done', record: { scopes: ['a'] } } })
    expect(narrow([])).toMatchObject({ answer: { outcome: 'done', record: { scopes: [] } } })
  })

  it('adds nothing above the ceiling, and keeps or takes away what is above it', () => {
    const token = sampleRecord({ scopes: ['a', 'b'] })
    const within = (scopes: readonly string[]) =>
      edited(token, { scopes, ceilings: [giving(['c'])], idempotency: REQUEST })
    expect(within(['a', 'd', 'c', 'e'])).toEqual(refusal(['d', 'e'], 'giver'))
    expect(within(['a', 'c'])).toMatchObject({ answer: { outcome: 'done', record: { scopes: ['a', 'c'] } } })
    expect(within(['b'])).toMatchObject({ answer: { outcome: 'done', record: { scopes: ['b'] } } })
    expect(edited(token, { scopes: ['c'], ceilings: [giving([])] })).toEqual(refusal(['c'], 'giver'))
  })

  it('names what the token lacks first, where both rules refuse', () => {
    const token = sampleRecord({ scopes: ['a'] })
    expect(edited(token, { scopes: ['b'], narrowOnly: true, ceilings: [giving([])] })).toEqual(refusal(['b'], 'token'))
  })

  it('goes by wildcards only where they are on', () => {
    const token = sampleRecord({ scopes: ['jobs:*'] })
    const narrowing = { scopes: ['jobs:read'], narrowOnly: true }
    expect(edited(token, narrowing)).toEqual(refusal(['jobs:read'], 'token'))
    const rules = { wildcards: true }
    expect(edited(token, { ...narrowing, rules })).toMatchObject({ answer: { outcome: 'done' } })
    const widening = { scopes: ['cron:run'], ceilings: [giving(['cron:*'])] }
    expect(edited(token, widening)).toEqual(refusal(['cron:run'], 'giver'))
    expect(edited(token, { ...widening, rules })).toMatchObject({ answer: { outcome: 'done' } })
  })

  it('is replayed also where the token would not allow it any more', () => {
    const token = sampleRecord({ scopes: [] })
    const kept = keptOf({ record: sampleRecord({ scopes: ['a'] }) })
    const narrowing = editOf({ scopes: ['a'], narrowOnly: true, idempotency: REQUEST })
    const { answer } = edit(token.id, narrowing).decide(seen([token], { kept }))
    expect(answer).toEqual({ outcome: 'replayed', ...kept.answer })
  })

  it('never widens by narrowings, whatever their order and number', () => {
    const scopes = fc.subarray(['a', 'b', 'c:d', 'c:*', 'e'])
    fc.assert(
      fc.property(scopes, fc.array(scopes), fc.boolean(), (granted, narrowings, wildcards) => {
        let token = sampleRecord({ scopes: granted })
        for (const narrowed of narrowings) {
          const before = token.scopes
          const [record = token] = edited(token, { scopes: narrowed, narrowOnly: true, rules: { wildcards } }).put ?? []
          expect(covers(before, record.scopes, { wildcards })).toBe(true)
          token = record
        }
        expect(covers(granted, token.scopes, { wildcards })).toBe(true)
      }),
    )
  })
})
