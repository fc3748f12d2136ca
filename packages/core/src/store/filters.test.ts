import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { statusOf } from '../token/token.ts'
import type { TokenRecord, TokenStatus } from '../token/token.ts'
import { filterBy, isFiltered, nameContains } from './filters.ts'
import type { TokenFilters } from './filters.ts'

const NOW = 5000
const STATUSES: readonly TokenStatus[] = ['active', 'suspended', 'expired', 'revoked']
const EVERYTHING: TokenFilters = { statuses: null, name: null, now: NOW }

// Few values, so that ties are frequent.
const instant = fc.option(fc.integer({ min: NOW - 1, max: NOW + 1 }))
const records = fc
  .record({
    createdAt: fc.integer({ min: NOW - 1, max: NOW + 1 }),
    lastUsedAt: instant,
    expiresAt: instant,
    expiryCeiling: instant,
    suspendedAt: instant,
    revokedAt: instant,
  })
  .map(sampleRecord)

describe('isFiltered', () => {
  it('asks whether every token passes', () => {
    const none = { createdBy: null, makers: null, grants: null, createdAfter: null, usedAfter: undefined }
    expect([EVERYTHING, { ...EVERYTHING, ...none }].map(isFiltered)).toEqual([false, false])
    const filters: Partial<TokenFilters>[] = [
      { statuses: [] },
      { name: '' },
      { createdBy: 'dana' },
      { makers: [] },
      { grants: [] },
      { createdAfter: 0 },
      { createdBefore: 0 },
      { usedAfter: 0 },
      { unusedSince: 0 },
      { expiresBefore: 0 },
    ]
    for (const filter of filters) expect(isFiltered({ ...EVERYTHING, ...filter })).toBe(true)
  })
})

describe('nameContains', () => {
  it.each([
    ['ci-deploy', 'ci'],
    ['CI Pipeline Token', 'ci'],
    ['ci-deploy', 'DEPLOY'],
    ['any', ''],
    ['100%_*\\.', '%_*\\.'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'straße'],
    ['ΟΔΟΣ', 'οδος'],
    ['οδοσ', 'ς'],
    ['caf\u00e9', 'CAFE\u0301'],
    ['🦊 fox', '🦊'],
  ])('finds in %j the part %j', (name, part) => {
    expect(nameContains(name, part)).toBe(true)
  })

  it.each([
    ['ci-deploy', 'cd'],
    ['abc', '%'],
    ['abc', '_'],
    ['abc', 'a*'],
    ['abc', '.'],
    ['abc', 'abcd'],
    ['abc', '\\'],
  ])('does not find in %j the part %j: every character is literal', (name, part) => {
    expect(nameContains(name, part)).toBe(false)
  })

  it('finds any part of a name, in either case', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.boolean(), (before, part, after, upper) => {
        const cased = upper ? part.toUpperCase() : part.toLowerCase()
        expect(nameContains(before + part + after, cased)).toBe(true)
      }),
    )
  })
})

describe('filterBy', () => {
  it('holds for every record when nothing is filtered', () => {
    const everything: TokenFilters = { statuses: null, name: null, now: NOW }
    fc.assert(
      fc.property(records, (record) => {
        expect(filterBy(everything)(record)).toBe(true)
      }),
    )
  })

  it('takes the records that have one of the statuses at the clock of the query', () => {
    fc.assert(
      fc.property(records, fc.subarray([...STATUSES]), (record, statuses) => {
        const expected = statuses.includes(statusOf(record, NOW))
        expect(filterBy({ statuses, name: null, now: NOW })(record)).toBe(expected)
      }),
    )
    const expiring = sampleRecord({ expiresAt: NOW })
    const active: TokenFilters = { statuses: ['active'], name: null, now: NOW - 1 }
    expect(filterBy(active)(expiring)).toBe(true)
    expect(filterBy({ ...active, now: NOW })(expiring)).toBe(false)
  })

  it('wants status and name at once', () => {
    const filters: TokenFilters = { statuses: ['active'], name: 'CI', now: NOW }
    expect(filterBy(filters)(sampleRecord({ name: 'ci' }))).toBe(true)
    expect(filterBy(filters)(sampleRecord({ name: 'cd' }))).toBe(false)
    expect(filterBy(filters)(sampleRecord({ name: 'ci', revokedAt: 1 }))).toBe(false)
  })

  const passing = (record: Partial<TokenRecord>, filters: Partial<TokenFilters>) =>
    filterBy({ ...EVERYTHING, ...filters })(sampleRecord(record))
  const AROUND = [NOW - 1, NOW, NOW + 1] as const

  it.each<[keyof TokenFilters, (at: number) => Partial<TokenRecord>, readonly boolean[]]>([
    ['createdAfter', (at) => ({ createdAt: at }), [false, false, true]],
    ['createdBefore', (at) => ({ createdAt: at }), [true, false, false]],
    ['usedAfter', (at) => ({ createdAt: 1, lastUsedAt: at }), [false, false, true]],
    ['unusedSince', (at) => ({ createdAt: 1, lastUsedAt: at }), [true, false, false]],
    ['unusedSince', (at) => ({ createdAt: at, lastUsedAt: null }), [true, false, false]],
    ['expiresBefore', (at) => ({ expiresAt: at }), [true, false, false]],
    ['expiresBefore', (at) => ({ expiresAt: null, expiryCeiling: at }), [true, false, false]],
    ['expiresBefore', (at) => ({ expiresAt: NOW + 9, expiryCeiling: at }), [true, false, false]],
  ])('takes %s for exclusive', (name, factsAt, expected) => {
    expect(AROUND.map((at) => passing(factsAt(at), { [name]: NOW }))).toEqual(expected)
  })

  it('calls no token used that never was, and none expiring that is eternal', () => {
    expect(passing({ lastUsedAt: null }, { usedAfter: 0 })).toBe(false)
    expect(passing({ expiresAt: null }, { expiresBefore: Number.MAX_SAFE_INTEGER })).toBe(false)
  })

  it('divides the tokens at an instant: used after it, unused since the one behind it', () => {
    fc.assert(
      fc.property(records, fc.constantFrom(...AROUND), (record, at) => {
        const used = passing(record, { usedAfter: at }) || (record.lastUsedAt === null && record.createdAt > at)
        expect(passing(record, { unusedSince: at + 1 })).toBe(!used)
      }),
    )
  })

  it('takes the tokens granted one of the scopes, to the letter', () => {
    const scopes = ['jobs:read', 'jobs:*']
    expect(passing({ scopes }, { grants: ['jobs:*', 'teams:*'] })).toBe(true)
    expect(passing({ scopes }, { grants: ['jobs:write'] })).toBe(false)
    expect(passing({ scopes: [] }, { grants: ['jobs:read'] })).toBe(false)
    expect(passing({ scopes }, { grants: [] })).toBe(false)
  })

  it('wants all filters at once', () => {
    const record = { createdAt: NOW, lastUsedAt: NOW, expiresAt: NOW + 9, createdBy: 'dana', scopes: ['jobs:read'] }
    const right: Partial<TokenFilters> = {
      ...{ statuses: ['active'], createdBy: 'dana', grants: ['jobs:read'], createdAfter: 0, createdBefore: NOW + 1 },
      ...{ usedAfter: 0, unusedSince: NOW + 1, expiresBefore: NOW + 10 },
    }
    const wrong: Partial<TokenFilters> = {
      ...{ statuses: [], createdBy: 'ada', grants: [], createdAfter: NOW, createdBefore: NOW },
      ...{ usedAfter: NOW, unusedSince: NOW, expiresBefore: NOW },
    }
    expect(passing(record, right)).toBe(true)
    for (const [name, value] of Object.entries(wrong)) expect(passing(record, { ...right, [name]: value })).toBe(false)
  })
})
