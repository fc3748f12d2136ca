import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { filterBy } from './filters.ts'
import type { TokenFilters } from './filters.ts'
import { pageOf } from './page-of.ts'
import { compareBy } from './query.ts'
import type { Place, TokenQuery, TokenSort } from './query.ts'

const NOW = 5000
const BY_CREATION: TokenSort = { by: 'createdAt', direction: 'asc' }
const TEN = Array.from({ length: 10 }, (_, number) =>
  sampleRecord({ id: `t${number}`, createdAt: NOW + number, name: number % 2 === 0 ? 'even' : 'odd' }),
)

function queryOf(query: Partial<TokenQuery>): TokenQuery {
  const all = { owner: 'acme', prefixes: ['ot_pat'], now: NOW, statuses: null, name: null, sort: BY_CREATION }
  return { ...all, window: { after: null, limit: 3 }, ...query }
}

function read(query: Partial<TokenQuery>) {
  const { records, next } = pageOf(TEN, queryOf(query))
  return [records.map(({ id }) => id), next?.id ?? null]
}

/** The ids of all pages, and how many pages there are. */
function walk(records: typeof TEN, query: Partial<TokenQuery>, limit: number) {
  const ids: string[] = []
  let after: Place | null = null
  for (let pages = 1; ; pages += 1) {
    const page = pageOf(records, queryOf({ ...query, window: { after, limit } }))
    ids.push(...page.records.map(({ id }) => id))
    if (page.next === null) return { ids, pages }
    after = page.next
  }
}

describe('a page after a place', () => {
  it('ends after the rows that it may look at, and the next one begins behind the last of these', () => {
    expect(read({ name: 'none', lookAtMost: 4 })).toEqual([[], 't3'])
    expect(read({ name: 'odd', lookAtMost: 4 })).toEqual([['t1', 't3'], 't3'])
    expect(read({ name: 'odd', lookAtMost: 4, window: { after: { value: NOW + 7, id: 't7' }, limit: 3 } })).toEqual([
      ['t9'],
      null,
    ])
  })

  it('is full as ever within them', () => {
    expect(read({ name: 'odd', lookAtMost: 8 })).toEqual([['t1', 't3', 't5'], 't5'])
    expect(read({ name: 'odd', lookAtMost: 6 })).toEqual([['t1', 't3', 't5'], 't5'])
  })

  it('says that rows may follow after the very last one that it may look at', () => {
    expect(read({ name: 'none', lookAtMost: 10 })).toEqual([[], 't9'])
    expect(read({ name: 'none', lookAtMost: 11 })).toEqual([[], null])
  })

  it('is not bound without a filter, nor in any other order', () => {
    expect(read({ lookAtMost: 1 })).toEqual([['t0', 't1', 't2'], 't2'])
    expect(read({ name: 'none', lookAtMost: 1, sort: { by: 'lastUsedAt', direction: 'asc' } })).toEqual([[], null])
  })

  it('looks at nothing outside of a range of creation', () => {
    const [createdAfter, createdBefore, lookAtMost] = [NOW + 2, NOW + 8, 5]
    expect(read({ createdAfter, name: 'odd', lookAtMost })).toEqual([['t3', 't5', 't7'], 't7'])
    expect(read({ createdAfter, createdBefore: NOW + 7, name: 'odd', lookAtMost })).toEqual([['t3', 't5'], null])
    const sort = { by: 'createdAt', direction: 'desc' } as const
    expect(read({ createdBefore, name: 'odd', lookAtMost, sort })).toEqual([['t7', 't5', 't3'], 't3'])
    expect(read({ createdAfter: NOW + 3, createdBefore, name: 'odd', lookAtMost, sort })).toEqual([['t7', 't5'], null])
  })

  it('makes up the whole list with the others, whatever they look at', () => {
    const bound = fc.option(fc.integer({ min: NOW, max: NOW + 5 }))
    const instant = fc.integer({ min: NOW, max: NOW + 5 })
    const records = fc.uniqueArray(
      fc.record({ id: fc.stringMatching(/^[a-z]{2}$/), createdAt: instant, lastUsedAt: fc.option(instant) }),
      { selector: ({ id }) => id, maxLength: 30 },
    )
    const filters: fc.Arbitrary<Partial<TokenFilters>> = fc.record({
      createdAfter: bound,
      createdBefore: bound,
      usedAfter: bound,
    })
    const sorts: fc.Arbitrary<TokenSort> = fc.record({
      by: fc.constantFrom('createdAt', 'lastUsedAt'),
      direction: fc.constantFrom('asc', 'desc'),
    })
    fc.assert(
      fc.property(
        records,
        filters,
        sorts,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (facts, filter, sort, limit, lookAtMost) => {
          const rows = facts.map(sampleRecord)
          const query = queryOf({ ...filter, sort, lookAtMost })
          const expected = rows
            .filter(filterBy(query))
            .sort(compareBy(sort, NOW))
            .map(({ id }) => id)
          const { ids, pages } = walk(rows, query, limit)
          expect(ids).toEqual(expected)
          expect(pages).toBeLessThanOrEqual(
            1 + Math.ceil(rows.length / lookAtMost) + Math.ceil(expected.length / limit),
          )
        },
      ),
      { numRuns: 500 },
    )
  })
})
