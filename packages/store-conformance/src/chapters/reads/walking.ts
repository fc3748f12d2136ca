import type { Place, TokenQuery, TokenSort } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectNames } from '../../stage/expect-named.ts'
import { retentionAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { NOW, OWNER, given, givenMany, idsOf, queryOf } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const OLDEST_FIRST: TokenSort = { by: 'createdAt', direction: 'asc' }
const NEWEST_FIRST: TokenSort = { by: 'createdAt', direction: 'desc' }
const MOST_PAGES = 100
const SORTS: readonly TokenSort[] = (['createdAt', 'id', 'lastUsedAt', 'status'] as const).flatMap((by) => [
  { by, direction: 'asc' },
  { by, direction: 'desc' },
])

/** Reads all pages, each after the place of the one before, and does something between them. */
async function walk(
  store: StepsOnStore,
  limit: number,
  query: Partial<TokenQuery>,
  between: (seen: readonly string[]) => Promise<void> = async () => {},
): Promise<string[]> {
  const seen: string[] = []
  let after: Place | null = null
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await store.list(queryOf({ ...query, window: { after, limit } }))
    seen.push(...page.records.map(({ id }) => id))
    if (page.next === null) return seen
    after = page.next
    await between(seen)
  }
  throw new Error(`the walk did not end after ${MOST_PAGES} pages`)
}

const PROVES: readonly string[] = ['stays valid after that row was pruned', '`after` is the place of the last seen row']

export const walking: Chapter = chapter('list: walking through all pages', PROVES, (it) => {
  it('visits each row once, with any limit and in any order', async ({ expect, store }) => {
    await givenMany(store, 23, (number) => ({
      createdAt: NOW + (number % 4),
      lastUsedAt: number % 5 === 0 ? NOW : null,
    }))
    for (const sort of SORTS) {
      const all = await idsOf(store, { sort })
      for (const limit of [1, 2, 7, 22, 23, 24]) {
        const walked = await walk(store, limit, { sort })
        expectNames(expect, walked, all, `${sort.by} ${sort.direction}, by pages of ${limit}`)
      }
    }
  })

  for (const [order, sort] of [
    ['oldest', OLDEST_FIRST],
    ['newest', NEWEST_FIRST],
  ] as const) {
    it(`visits each unchanged row once while tokens are issued before and behind, ${order} first`, async ({
      expect,
      store,
    }) => {
      const rows = await givenMany(store, 30, (number) => ({ createdAt: NOW + number * 10 }))
      let round = 0
      const seen = await walk(store, 4, { sort }, async () => {
        round += 1
        for (const at of [-round, round * 10 + 5, 1_000 + round]) await given(store, { createdAt: NOW + at })
      })
      const ids = new Set(rows.map(({ id }) => id))
      const expected = await idsOf(store, { sort })
      const unchanged = (list: readonly string[]) => list.filter((id) => ids.has(id))
      expectNames(expect, unchanged(seen), unchanged(expected), 'rows that did not change')
      expect(new Set(seen).size).toBe(seen.length)
    })
  }

  it('visits each unchanged row once while others are revoked, used and suspended', async ({ expect, store }) => {
    const ids = (await givenMany(store, 40)).map(({ id }) => id)
    const seen = await walk(store, 3, {}, async (soFar) => {
      const [behind = '', ahead = ''] = [soFar.at(-2), ids[soFar.length + 1]]
      await revokeAt(store, OWNER, behind, NOW + 1)
      await revokeAt(store, OWNER, ahead, NOW + 1)
      await store.recordUse([behind, ahead].map((id) => ({ owner: OWNER, id, at: NOW + 2 })))
      await suspendAt(store, OWNER, soFar[0] ?? '', NOW + 3)
    })
    expectNames(expect, seen, ids, 'rows visited')
  })

  it('goes on after a row that has since left the filter', async ({ expect, store }) => {
    const ids = (await givenMany(store, 20)).map(({ id }) => id)
    const seen = await walk(store, 3, { statuses: ['active'] }, async (soFar) => {
      await revokeAt(store, OWNER, soFar.at(-1) ?? '', NOW + 1)
    })
    expectNames(expect, seen, ids, 'rows visited')
  })

  it('goes on where it was, in any order, after rows that were pruned meanwhile', async ({ expect, store }) => {
    for (const sort of SORTS) {
      const owner = `${sort.by} ${sort.direction}`
      await givenMany(store, 19, (number) => ({
        owner,
        createdAt: NOW + (number % 3),
        lastUsedAt: number % 5 === 0 ? null : NOW + (number % 2),
      }))
      const all = await idsOf(store, { owner, sort })
      const pruned = new Set<string>()
      const seen = await walk(store, 3, { owner, sort }, async (soFar) => {
        for (const id of [soFar.at(-1), soFar.at(-2), all[soFar.length + 1]]) {
          if (id === undefined) continue
          pruned.add(id)
          await revokeAt(store, owner, id, NOW + 10)
        }
        await store.prune(retentionAt(NOW + 11))
      })
      expect(pruned.size).toBeGreaterThan(9)
      const wanted = all.filter((id) => seen.includes(id) || !pruned.has(id))
      expectNames(expect, seen, wanted, `rows visited by ${sort.by} ${sort.direction}`)
    }
  })

  it('goes on where it was after a row that has moved since', async ({ expect, store }) => {
    const ids = (await givenMany(store, 12, (number) => ({ lastUsedAt: NOW + number }))).map(({ id }) => id)
    const sort = { by: 'lastUsedAt', direction: 'asc' } as const
    const first = await store.list(queryOf({ sort, window: { after: null, limit: 4 } }))
    await store.recordUse([{ owner: OWNER, id: ids[3] ?? '', at: NOW + 100 }])
    const window = { after: first.next, limit: 50 }
    expect(await idsOf(store, { sort, window })).toEqual([...ids.slice(4), ids[3]])
  })

  it('by offset: the pages make up the whole when nothing changes', async ({ expect, store }) => {
    await givenMany(store, 23, (number) => ({ createdAt: NOW + (number % 4) }))
    const query = { sort: NEWEST_FIRST, statuses: ['active'] } as const
    const seen: string[] = []
    for (let offset = 0; offset < 23; offset += 5) {
      seen.push(...(await idsOf(store, { ...query, window: { offset, limit: 5 } })))
    }
    expect(seen).toEqual(await idsOf(store, query))
  })
})
