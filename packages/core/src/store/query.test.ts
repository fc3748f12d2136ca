import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import type { TokenRecord } from '../token/token.ts'
import { compareBy } from './query.ts'
import type { SortField, TokenSort } from './query.ts'

const NOW = 5000
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
