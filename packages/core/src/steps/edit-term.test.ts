import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editAt } from '../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { REQUEST, seen } from '../../testing/seen.ts'
import { invalidParameter } from '../token/errors.ts'
import { endOf } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import { edit } from './edit.ts'
import type { Edit } from './edit.ts'

const AT = NOW + 5
const HOUR = 3_600_000
const TEN = '10.0.0.0/8'
const FUTURE = invalidParameter('expiresAt', 'a valid instant in the future')

function decided(token: TokenRecord, facts: Partial<Edit>) {
  return edit(token.id, editAt(AT, facts)).decide(seen([token]))
}

/** The token after the edit. */
function after(token: TokenRecord, facts: Partial<Edit>): TokenRecord {
  const { answer } = decided(token, facts)
  return answer.outcome === 'done' ? answer.record : expect.fail(JSON.stringify(answer))
}

function refusal(token: TokenRecord, facts: Partial<Edit>) {
  const decision = decided(token, { idempotency: REQUEST, ...facts })
  expect(Object.keys(decision)).toEqual(['answer'])
  return decision.answer
}

function ceiling(facts: Partial<Edit['ceilings'][number]>): Pick<Edit, 'ceilings'> {
  return { ceilings: [{ scopes: null, networks: null, expiresAt: null, ...facts }] }
}

function against(error: unknown) {
  return { outcome: 'against_rules', error }
}

describe('an edit of the expiry', () => {
  it('sets it, and uses do not move it from then on', () => {
    for (const token of [sampleRecord(), sampleRecord({ expiresAt: AT + 9 }), sampleRecord({ suspendedAt: NOW })]) {
      const expected = { ...token, expiresAt: AT + 5, fixedExpiry: true, updatedAt: AT }
      expect(after(token, { expiresAt: AT + 5 })).toEqual(expected)
    }
    const same = sampleRecord({ expiresAt: AT + 5 })
    expect(after(same, { expiresAt: AT + 5 })).toEqual({ ...same, fixedExpiry: true, updatedAt: AT })
    const none = sampleRecord({ expiresAt: AT + 5, fixedExpiry: true })
    expect(after(none, { expiresAt: null })).toEqual({ ...none, expiresAt: null, fixedExpiry: false, updatedAt: AT })
  })

  it('leaves it if nobody asks, and changes nothing if it is so already', () => {
    const token = sampleRecord({ expiresAt: AT + 5, fixedExpiry: true })
    expect(after(token, {})).toBe(token)
    expect(after(token, { expiresAt: AT + 5, narrowOnly: true })).toBe(token)
    expect(after(token, { name: 'renamed' })).toMatchObject({ expiresAt: AT + 5, fixedExpiry: true })
    expect(after(sampleRecord(), { expiresAt: null, narrowOnly: true })).toMatchObject({ updatedAt: NOW })
  })

  it('always makes it earlier, also where the rules would issue neither', () => {
    const rules = { expiry: { maxMs: 5, required: true } }
    const token = sampleRecord({ expiresAt: AT + 99, expiryCeiling: AT + 50 })
    for (const limits of [{}, { narrowOnly: true }, ceiling({ expiresAt: AT + 1, scopes: [], networks: [TEN] })])
      expect(after(token, { ...limits, rules, expiresAt: AT + 50 })).toMatchObject({ expiresAt: AT + 50 })
  })

  it('makes it later within the rules, and counts the longest lifetime from the first of the line', () => {
    const rules = { expiry: { maxMs: HOUR } }
    const token = sampleRecord({ expiresAt: AT + 5, lineCreatedAt: NOW - HOUR / 2 })
    expect(after(token, { rules, expiresAt: NOW + HOUR / 2 })).toMatchObject({ expiresAt: NOW + HOUR / 2 })
    const tooLate = new Date(NOW + HOUR / 2).toISOString()
    expect(refusal(token, { rules, expiresAt: NOW + HOUR / 2 + 1 })).toEqual(
      against(invalidParameter('expiresAt', `at most ${tooLate}`)),
    )
    const none = against(invalidParameter('expiresAt', 'set: tokens without an expiry are not issued'))
    for (const expiry of [{ maxMs: HOUR }, { required: true }])
      expect(refusal(token, { rules: { expiry }, expiresAt: null })).toEqual(none)
  })

  it('makes it no later than the ceiling of the token, whoever asks', () => {
    const token = sampleRecord({ expiresAt: AT + 5, expiryCeiling: AT + 9 })
    const most = invalidParameter('expiresAt', `at most ${new Date(AT + 9).toISOString()}`)
    expect(after(token, { expiresAt: AT + 9 })).toMatchObject({ expiresAt: AT + 9, expiryCeiling: AT + 9 })
    for (const expiresAt of [AT + 10, null]) expect(refusal(token, { expiresAt })).toEqual(against(most))
  })

  it('refuses an instant that lies behind or is none', () => {
    const token = sampleRecord({ expiresAt: AT + 5 })
    for (const expiresAt of [AT, AT - 1, Number.NaN, 8.64e15])
      expect(refusal(token, { expiresAt })).toEqual(against(FUTURE))
  })

  it('brings no expired token back, and does not shorten it either', () => {
    const token = sampleRecord({ expiresAt: AT })
    for (const expiresAt of [AT + 5, null])
      expect(refusal(token, { expiresAt })).toMatchObject(against({ code: 'invalid_transition' }))
    expect(after(token, { name: 'renamed' })).toMatchObject({ name: 'renamed', expiresAt: AT })
  })
})

describe('an edit of the networks', () => {
  it('sets them, and leaves them if nobody asks', () => {
    const token = sampleRecord({ networks: [TEN] })
    expect(after(token, { networks: ['10.1.0.0/16'] })).toEqual({
      ...{ ...token, networks: ['10.1.0.0/16'], updatedAt: AT },
    })
    expect(after(token, { networks: null })).toEqual({ ...token, networks: null, updatedAt: AT })
    expect(after(token, { networks: [TEN] })).toBe(token)
    expect(after(token, {})).toBe(token)
  })

  it('always narrows, and widens within the ceilings only', () => {
    const token = sampleRecord({ networks: [TEN] })
    const limited = ceiling({ networks: ['192.0.2.0/24'] })
    for (const limits of [{ narrowOnly: true }, limited])
      expect(after(token, { ...limits, networks: ['10.1.0.0/16'] })).toMatchObject({ networks: ['10.1.0.0/16'] })
    for (const networks of [null, ['10.0.0.0/8', '198.51.100.0/24']])
      for (const limits of [{ narrowOnly: true }, limited])
        expect(refusal(token, { ...limits, networks })).toEqual({ outcome: 'beyond_networks' })
    expect(after(token, { ...limited, networks: ['192.0.2.7/32'] })).toMatchObject({ networks: ['192.0.2.7/32'] })
  })
})

describe('an edit by somebody with a ceiling', () => {
  const mine = { scopes: ['admin', 'jobs:read', 'jobs:write'], networks: ['192.0.2.7/32'], expiresAt: AT + HOUR }
  const adding = { ...ceiling(mine), scopes: ['admin'] }

  it('adds scopes only to a token that ends no later and may be used from no more networks', () => {
    const networks = ['192.0.2.7/32']
    for (const expiresAt of [null, AT + HOUR + 1])
      expect(refusal(sampleRecord({ networks, expiresAt }), adding)).toMatchObject({ outcome: 'beyond_expiry' })
    for (const wide of [null, ['192.0.2.0/24']]) {
      const token = sampleRecord({ networks: wide, expiresAt: AT + 5 })
      expect(refusal(token, adding)).toEqual({ outcome: 'beyond_networks' })
    }
    const token = sampleRecord({ networks, expiresAt: AT + HOUR })
    expect(after(token, adding)).toMatchObject({ scopes: ['admin'] })
    expect(after(sampleRecord({ networks }), { ...adding, expiresAt: AT + 5 })).toMatchObject({ expiresAt: AT + 5 })
  })

  it('bounds what it widens by its own end, so that no use moves that on', () => {
    const token = sampleRecord({ networks: mine.networks, expiresAt: AT + 5 })
    expect(after(token, adding)).toMatchObject({ expiryCeiling: AT + HOUR, fixedExpiry: false })
    expect(after({ ...token, expiryCeiling: AT + 9 }, adding)).toMatchObject({ expiryCeiling: AT + 9 })
    expect(after(token, { ...ceiling(mine), expiresAt: AT + 9 })).toMatchObject({ expiryCeiling: AT + HOUR })
    for (const narrowing of [{ name: 'renamed' }, { scopes: [] }, { expiresAt: AT + 1 }])
      expect(after(token, { ...ceiling(mine), ...narrowing })).toMatchObject({ expiryCeiling: null })
  })

  it('gives no more time and no more networks to scopes that it does not hold', () => {
    const scopes = ['secrets:read']
    const token = sampleRecord({ scopes, networks: ['192.0.2.7/32'], expiresAt: AT + 5 })
    const lacking = { outcome: 'insufficient_scope', scopes, lackedBy: 'giver' }
    expect(refusal(token, { ...ceiling(mine), expiresAt: AT + 9 })).toEqual(lacking)
    const bound = sampleRecord({ scopes, networks: [TEN], expiresAt: AT + 5 })
    expect(refusal(bound, { ...ceiling(mine), networks: ['192.0.2.7/32'] })).toEqual(lacking)
    expect(after(token, { ...ceiling(mine), expiresAt: AT + 1 })).toMatchObject({ expiresAt: AT + 1 })
  })

  it('only narrows the token that it is made with', () => {
    const token = sampleRecord({ networks: [TEN], expiresAt: AT + 5 })
    for (const expiresAt of [AT + 6, null])
      expect(refusal(token, { narrowOnly: true, expiresAt })).toMatchObject({ outcome: 'beyond_expiry' })
    expect(after(token, { narrowOnly: true, expiresAt: AT + 1 })).toMatchObject({ expiresAt: AT + 1 })
  })

  it('never makes a token end later than before by narrowings, whatever their order and number', () => {
    const instant = fc.option(fc.integer({ min: AT - 1, max: AT + 9 }))
    const lists = fc.constantFrom(null, [TEN], ['10.1.0.0/16'], ['192.0.2.0/24'])
    const narrowing = fc.record({ expiresAt: instant, networks: lists }, { requiredKeys: [] })
    fc.assert(
      fc.property(instant, lists, fc.array(narrowing), (expiresAt, networks, narrowings) => {
        let token = sampleRecord({ expiresAt, networks })
        for (const each of narrowings) {
          const [record = token] = decided(token, { ...each, narrowOnly: true }).put ?? []
          expect(endOf(record)).toBeLessThanOrEqual(endOf(token))
          token = record
        }
      }),
    )
  })
})
