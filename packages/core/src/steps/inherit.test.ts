import { describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { invalidParameter } from '../token/errors.ts'
import type { ExpiryRules } from '../token/expiry.ts'
import type { TokenRecord } from '../token/token.ts'
import { inheritedFrom } from './inherit.ts'
import type { Renewal } from './inherit.ts'

const DAY = 86_400_000
const AT = NOW + 89 * DAY
const ASKERS = ['owner', 'holder', 'token'] as const
const MAX_90 = { maxMs: 90 * DAY }
const NONE = invalidParameter('expiresAt', 'set: tokens without an expiry are not issued')

function inherited(facts: Partial<TokenRecord>, expiry: ExpiryRules = {}, asked: Partial<Renewal> = {}) {
  const rules = { catalogue: null, wildcards: false, expiry }
  return inheritedFrom(sampleRecord(facts), AT, { asker: 'holder', rules, ...asked })
}

function atMost(latest: number) {
  return invalidParameter('expiresAt', `at most ${new Date(latest).toISOString()}`)
}

describe('inheritedFrom', () => {
  it('is what the token has where no rule says otherwise', () => {
    for (const asker of ASKERS) {
      for (const facts of [{}, { expiresAt: AT + 1 }, { expiresAt: AT + 1, fixedExpiry: true }]) {
        const { scopes, expiresAt, fixedExpiry, lineCreatedAt } = sampleRecord(facts)
        const same = { scopes, expiresAt, fixedExpiry, lineCreatedAt }
        expect(inherited(facts, {}, { asker })).toEqual(same)
        expect(inherited(facts, { defaultMs: 5 }, { asker })).toEqual(same)
      }
    }
  })

  it('leaves out scopes that were withdrawn, and wildcards that were turned off', () => {
    const token = { scopes: ['jobs:read', 'jobs:*', 'gone:read'] }
    const scopesBy = (catalogue: readonly string[] | null, wildcards: boolean) => {
      const rules = { catalogue: catalogue && new Set(catalogue), wildcards, expiry: {} }
      return inherited(token, {}, { rules })
    }
    expect(scopesBy(['jobs:read', 'jobs:*'], true)).toMatchObject({ scopes: ['jobs:read', 'jobs:*'] })
    expect(scopesBy(['jobs:read', 'jobs:*'], false)).toMatchObject({ scopes: ['jobs:read'] })
    expect(scopesBy([], true)).toMatchObject({ scopes: [] })
    expect(scopesBy(null, true)).toMatchObject(token)
  })

  it('counts the longest lifetime from the first of the line, whoever asks', () => {
    for (const asker of ASKERS) {
      const second = { createdAt: NOW + 50 * DAY, lineCreatedAt: NOW, expiresAt: NOW + 140 * DAY }
      expect(inherited(second, MAX_90, { asker })).toMatchObject({ expiresAt: NOW + 90 * DAY })
      const none = inherited({ ...second, lineCreatedAt: NOW - DAY }, MAX_90, { asker })
      expect(none).toMatchObject({ code: 'invalid_transition' })
    }
  })

  it('shortens the expiry to the ceiling, and never moves the ceiling', () => {
    const under = { expiryCeiling: AT + 5, expiresAt: AT + 9 }
    expect(inherited(under)).toMatchObject({ expiresAt: AT + 5 })
    expect(inherited({ ...under, expiresAt: null })).toMatchObject({ expiresAt: AT + 5 })
    for (const asker of ASKERS) {
      for (const expiresAt of [AT + 6, null]) expect(inherited(under, {}, { asker, expiresAt })).toEqual(atMost(AT + 5))
    }
  })

  it('gives the default where an expiry is required now, and asks for one if there is no default', () => {
    const required = { required: true }
    expect(inherited({}, { ...required, defaultMs: DAY })).toMatchObject({ expiresAt: AT + DAY, fixedExpiry: false })
    expect(inherited({}, { ...required, defaultMs: 2 * DAY, ...MAX_90 })).toMatchObject({ expiresAt: NOW + 90 * DAY })
    expect(inherited({}, MAX_90)).toMatchObject({ expiresAt: NOW + 90 * DAY })
    expect(inherited({}, { slidingMs: DAY / 2, ...MAX_90 })).toMatchObject({ expiresAt: AT + DAY / 2 })
    expect(inherited({}, required)).toEqual(NONE)
    expect(inherited({}, required, { expiresAt: AT + 5 })).toMatchObject({ expiresAt: AT + 5 })
    expect(inherited({}, { defaultMs: DAY })).toMatchObject({ expiresAt: null })
  })

  it('begins the line anew for an owner that asks for an expiry, as by issuing a token', () => {
    const token = { expiresAt: NOW + 90 * DAY }
    const renewed = (expiresAt: number) => inherited(token, MAX_90, { asker: 'owner', expiresAt })
    expect(renewed(AT + 90 * DAY)).toMatchObject({
      ...{ expiresAt: AT + 90 * DAY, lineCreatedAt: AT, fixedExpiry: true },
    })
    expect(renewed(AT + 90 * DAY + 1)).toEqual(atMost(AT + 90 * DAY))
    const spent = { ...token, lineCreatedAt: NOW - 900 * DAY }
    expect(inherited(spent, MAX_90, { asker: 'owner', expiresAt: AT + DAY })).toMatchObject({ expiresAt: AT + DAY })
  })

  it('lets another token ask for as much as the line has left', () => {
    const token = { expiresAt: AT + 5 }
    const asked = (expiresAt: number) => inherited(token, MAX_90, { asker: 'token', expiresAt })
    expect(asked(NOW + 90 * DAY)).toMatchObject({ expiresAt: NOW + 90 * DAY, lineCreatedAt: NOW, fixedExpiry: true })
    expect(asked(NOW + 90 * DAY + 1)).toEqual(atMost(NOW + 90 * DAY))
  })

  it('gives a holder no later expiry than the token has', () => {
    const token = { expiresAt: AT + 5 }
    expect(inherited(token, MAX_90, { expiresAt: AT + 5 })).toMatchObject({ expiresAt: AT + 5, fixedExpiry: true })
    expect(inherited(token, MAX_90, { expiresAt: AT + 1 })).toMatchObject({ expiresAt: AT + 1 })
    for (const expiresAt of [AT + 6, null]) expect(inherited(token, {}, { expiresAt })).toEqual(atMost(AT + 5))
    expect(inherited({}, {}, { expiresAt: AT + 6 })).toMatchObject({ expiresAt: AT + 6 })
  })

  it('refuses an expiry that lies behind, that is none, or that must be set', () => {
    for (const expiresAt of [AT, AT - 1, Number.NaN, 8.64e15])
      expect(inherited({}, {}, { asker: 'owner', expiresAt })).toEqual(
        invalidParameter('expiresAt', 'a valid instant in the future'),
      )
    for (const rules of [{ required: true }, MAX_90])
      expect(inherited({}, rules, { asker: 'owner', expiresAt: null })).toEqual(NONE)
    expect(inherited({}, {}, { asker: 'owner', expiresAt: null })).toMatchObject({
      expiresAt: null,
      fixedExpiry: false,
    })
  })
})
