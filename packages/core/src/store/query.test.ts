import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { statusOf } from '../token/token.ts'
import type { TokenRecord, TokenStatus } from '../token/token.ts'
import { compareBy, filterBy, isFiltered, nameContains } from './query.ts'
import type { SortField, TokenQuery, TokenSort } from './query.ts'

const NOW = 5000
const STATUSES: readonly TokenStatus[] = ['active', 'suspended', 'expired', 'revoked']
const FIELDS: readonly SortField[] = ['createdAt', 'id', 'lastUsedAt', 'status']

// Few values, so that ties are frequent.
const instant = fc.option(fc.integer({ min: NOW - 1, max: NOW + 1 }))
const records = fc
  .record({
    id: fc.stringMatching(/^[abc]{3}$/),
    createdAt: fc.nat(2),
    lastUsedAt: instant,
    expiresAt: instant,
    suspendedAt: instant,
    revokedAt: instant,
  })
  .map(sampleRecord)
const sorts: fc.Arbitrary<TokenSort> = fc.record({
  by: fc.constantFrom(...FIELDS),
  direction: fc.constantFrom('asc', 'desc'),
})

describe('isFiltered', () => {
  const query = { statuses: null, name: null, now: NOW }

  it('asks whether every token passes', () => {
    expect([query, { ...query, createdBy: null, makers: null }].map(isFiltered)).toEqual([false, false])
    const filters = [{ statuses: [] }, { name: '' }, { createdBy: 'dana' }, { makers: [] }]
    expect(filters.map((filter) => isFiltered({ ...query, ...filter }))).toEqual([true, true, true, true])
  })
})

type Filters = Pick<TokenQuery, 'statuses' | 'name' | 'now'>

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
    const everything: Filters = { statuses: null, name: null, now: NOW }
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
    const active: Filters = { statuses: ['active'], name: null, now: NOW - 1 }
    expect(filterBy(active)(expiring)).toBe(true)
    expect(filterBy({ ...active, now: NOW })(expiring)).toBe(false)
  })

  it('wants status and name at once', () => {
    const filters: Filters = { statuses: ['active'], name: 'CI', now: NOW }
    expect(filterBy(filters)(sampleRecord({ name: 'ci' }))).toBe(true)
    expect(filterBy(filters)(sampleRecord({ name: 'cd' }))).toBe(false)
    expect(filterBy(filters)(sampleRecord({ name: 'ci', revokedAt: 1 }))).toBe(false)
  })
})

describe('compareBy', () => {
  const order = (sort: TokenSort, ...unsorted: TokenRecord[]) => unsorted.sort(compareBy(sort, NOW)).map(({ id }) => id)

  it('sorts by creation', () => {
    const [old, young] = [sampleRecord({ id: 'z', createdAt: 1 }), sampleRecord({ id: 'a', createdAt: 2 })]
    expect(order({ by: 'createdAt', direction: 'asc' }, young, old)).toEqual(['z', 'a'])
    expect(order({ by: 'createdAt', direction: 'desc' }, old, young)).toEqual(['a', 'z'])
  })

  it('sorts by id, by code unit', () => {
    const [upper, digit, lower] = [sampleRecord({ id: 'B' }), sampleRecord({ id: '1' }), sampleRecord({ id: 'a' })]
    expect(order({ by: 'id', direction: 'asc' }, lower, upper, digit)).toEqual(['1', 'B', 'a'])
  })

  it('sorts by last use, where a token that was never used comes before all others', () => {
    const never = sampleRecord({ id: 'never' })
    const first = sampleRecord({ id: 'first', lastUsedAt: 0 })
    const last = sampleRecord({ id: 'last', lastUsedAt: 9 })
    expect(order({ by: 'lastUsedAt', direction: 'asc' }, last, first, never)).toEqual(['never', 'first', 'last'])
    expect(order({ by: 'lastUsedAt', direction: 'desc' }, never, first, last)).toEqual(['last', 'first', 'never'])
  })

  it('sorts by the status without regard to expiry: active, revoked, suspended', () => {
    const expired = sampleRecord({ id: 'expired', expiresAt: 1 })
    const revoked = sampleRecord({ id: 'revoked', revokedAt: 1 })
    const suspended = sampleRecord({ id: 'suspended', suspendedAt: 1 })
    expect(order({ by: 'status', direction: 'asc' }, suspended, revoked, expired)).toEqual([
      'expired',
      'revoked',
      'suspended',
    ])
  })

  it.each(FIELDS)('breaks ties of %s by id, in the same direction', (by) => {
    const [a, b] = [sampleRecord({ id: 'a' }), sampleRecord({ id: 'b' })]
    expect(order({ by, direction: 'asc' }, b, a)).toEqual(['a', 'b'])
    expect(order({ by, direction: 'desc' }, a, b)).toEqual(['b', 'a'])
  })

  it('is a total order: antisymmetric, transitive, and 0 only for equal ids', () => {
    fc.assert(
      fc.property(sorts, records, records, records, (sort, a, b, c) => {
        const compare = compareBy(sort, NOW)
        expect(compare(a, b) === -compare(b, a)).toBe(true)
        expect(compare(a, b) > 0 || compare(b, c) > 0 || compare(a, c) <= 0).toBe(true)
        expect(compare(a, b) !== 0 || a.id === b.id).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('sorts descending as the reverse of ascending', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), fc.uniqueArray(records, { selector: ({ id }) => id }), (by, unsorted) => {
        const ascending = order({ by, direction: 'asc' }, ...unsorted)
        expect(order({ by, direction: 'desc' }, ...unsorted)).toEqual(ascending.reverse())
      }),
    )
  })
})
