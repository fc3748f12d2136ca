import { placeOf } from '@tessera/core'
import type { Place, TokenPage, TokenQuery, TokenRecord } from '@tessera/core'
import { naiveStore } from '../../model/naive-store/naive-store.ts'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectNames } from '../../stage/expect-named.ts'
import { retentionAt, revokeAt } from '../../steps/change-at.ts'
import { NOW, OWNER, given, givenMany, queryOf } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const DIRECTIONS = ['asc', 'desc'] as const
const MOST_PAGES = 200

/** Reads all pages, each after the place of the one before, and does something before each. */
async function walk(
  store: StepsOnStore,
  query: Partial<TokenQuery>,
  before: (after: Place | null) => unknown = () => {},
): Promise<{ readonly ids: readonly string[]; readonly nexts: readonly (Place | null)[] }> {
  const [ids, nexts]: [string[], (Place | null)[]] = [[], []]
  let after: Place | null = null
  while (nexts.length < MOST_PAGES) {
    await before(after)
    const page: TokenPage = await store.list(queryOf({ ...query, window: { after, limit: 3 } }))
    ids.push(...page.records.map(({ id }) => id))
    nexts.push(page.next)
    if (page.next === null) return { ids, nexts }
    after = page.next
  }
  throw new Error(`the walk did not end after ${MOST_PAGES} pages`)
}

function placesOf(tokens: readonly TokenRecord[]): Place[] {
  return tokens.map((token) => placeOf(token, { by: 'createdAt' }, NOW))
}

const PROVES: readonly string[] = [
  'how many rows it looks at',
  'Then the page ends, even if it is short or empty',
  'are not looked at',
  'there is no bound',
  'or may follow; `null` at the end',
]

export const boundedPages: Chapter = chapter('list: pages of a bounded cost', PROVES, (it) => {
  it('ends an empty page at the last row that it may look at', async ({ expect, store }) => {
    const places = placesOf(await givenMany(store, 12, (number) => ({ createdAt: NOW + number })))
    const { ids, nexts } = await walk(store, { name: 'none', lookAtMost: 5 })
    expect({ ids, nexts }).toEqual({ ids: [], nexts: [places[4], places[9], null] })
    const sort = { by: 'createdAt', direction: 'desc' } as const
    expect((await walk(store, { name: 'none', lookAtMost: 5, sort })).nexts).toEqual([places[7], places[2], null])
    expect((await walk(store, { name: 'none', lookAtMost: 12 })).nexts).toEqual([places[11], null])
    expect((await walk(store, { name: 'none', lookAtMost: 13 })).nexts).toEqual([null])
    expect((await walk(store, { name: 'none' })).nexts).toEqual([null])
  })

  it('binds no page without a filter, and none in another order', async ({ expect, store }) => {
    const places = placesOf(await givenMany(store, 5))
    expect((await walk(store, { lookAtMost: 1 })).nexts).toEqual([places[2], null])
    const sort = { by: 'lastUsedAt', direction: 'asc' } as const
    expect((await walk(store, { name: 'none', lookAtMost: 1, sort })).nexts).toEqual([null])
  })

  it('looks at no row outside of a range of creation', async ({ expect, store }) => {
    const tokens = await givenMany(store, 20, (number) => ({
      createdAt: NOW + Math.floor(number / 2),
      name: number % 3 === 0 ? 'ci' : 'other',
    }))
    const range = { createdAfter: NOW + 3, createdBefore: NOW + 8 }
    const places = placesOf(tokens)
    const { ids, nexts } = await walk(store, { ...range, name: 'other', lookAtMost: 5 })
    expect(nexts).toEqual([places[12], null])
    expect(ids).toEqual([8, 10, 11, 13, 14].map((number) => tokens[number]?.id))
    const sort = { by: 'createdAt', direction: 'desc' } as const
    expect((await walk(store, { ...range, name: 'none', lookAtMost: 5, sort })).nexts).toEqual([places[11], null])
  })

  it('agrees with a naive page, whatever it may look at, of one prefix and of two', async ({ expect, store }) => {
    const naive = naiveStore()
    const facts = (number: number) => ({
      id: `tok-${(number * 7) % 24}`,
      prefix: number % 3 === 0 ? 'ot_old' : 'ot_pat',
      createdAt: NOW + ((number * 5) % 9),
      name: number % 4 === 0 ? 'ci' : 'other',
    })
    const tokens = await givenMany(naive, 24, facts)
    for (const token of tokens) await given(store, token)
    const places = [null, ...[3, 11, 20].flatMap((number) => placesOf(tokens.slice(number, number + 1)))]
    for (const prefixes of [['ot_pat'], ['ot_pat', 'ot_old']])
      for (const direction of DIRECTIONS)
        for (const lookAtMost of [1, 2, 4, 7, 16, 24])
          for (const name of ['ci', 'other'])
            for (const after of places) {
              const sort = { by: 'createdAt', direction } as const
              const query = queryOf({ prefixes, sort, name, lookAtMost, window: { after, limit: 3 } })
              expect(await store.list(query), `the page of ${JSON.stringify(query)}`).toEqual(await naive.list(query))
            }
  })

  it('goes on after a row that never passed, and is gone by now', async ({ expect, store }) => {
    const tokens = await givenMany(store, 20, (number) => ({ name: number % 6 === 0 ? 'ci' : 'other' }))
    let pruned = 0
    const { ids } = await walk(store, { name: 'ci', lookAtMost: 4 }, async (after) => {
      if (after === null || tokens.find(({ id }) => id === after.id)?.name === 'ci') return
      await revokeAt(store, OWNER, after.id, NOW + 1)
      pruned += await store.prune(retentionAt(NOW + 2))
    })
    expect(pruned).toBeGreaterThan(1)
    expectNames(
      expect,
      ids,
      [0, 6, 12, 18].map((number) => tokens[number]?.id ?? ''),
      'rows visited',
    )
  })

  for (const direction of DIRECTIONS) {
    it(`makes up the whole while tokens are issued, ${direction}ending`, async ({ expect, store, handles }) => {
      const tokens = await givenMany(store, 60, (number) => ({
        createdAt: NOW + number * 10,
        name: number % 7 === 0 ? 'ci' : 'other',
      }))
      let round = 0
      const another = handles.at(-1) ?? store
      const issuing: Promise<unknown>[] = []
      const sort = { by: 'createdAt', direction } as const
      const { ids } = await walk(store, { name: 'ci', lookAtMost: 5, sort }, () => {
        round += 1
        for (const at of [-round, round * 20 + 5, 1_000 + round])
          issuing.push(given(another, { createdAt: NOW + at, name: round % 2 === 0 ? 'ci' : 'other' }))
      })
      await Promise.all(issuing)
      const there = tokens.filter(({ name }) => name === 'ci').map(({ id }) => id)
      const wanted = direction === 'asc' ? there : there.toReversed()
      expectNames(
        expect,
        ids.filter((id) => there.includes(id)),
        wanted,
        'rows that were there',
      )
      expect(new Set(ids).size).toBe(ids.length)
    })
  }
})
