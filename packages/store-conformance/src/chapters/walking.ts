import type { TokenQuery, TokenSort, TokenStore } from '@tessera/core'
import { revokeAt, suspendAt } from '../change-at.ts'
import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'
import { NOW, OWNER, given, givenMany, idsOf, queryOf } from '../sample-token.ts'

const OLDEST_FIRST: TokenSort = { by: 'createdAt', direction: 'asc' }
const NEWEST_FIRST: TokenSort = { by: 'createdAt', direction: 'desc' }
const MOST_PAGES = 100

/** Reads all pages, each after the last row of the one before, and does something between them. */
async function walk(
  store: TokenStore,
  limit: number,
  query: Partial<TokenQuery>,
  between: (seen: readonly string[]) => Promise<void> = async () => {},
): Promise<string[]> {
  const seen: string[] = []
  let after: string | null = null
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await store.list(queryOf({ ...query, window: { after, limit } }))
    seen.push(...page.records.map(({ id }) => id))
    if (page.next === null) return seen
    after = page.next
    await between(seen)
  }
  throw new Error(`the walk did not end after ${MOST_PAGES} pages`)
}

export const walking: Chapter = chapter('list: walking through all pages', (it) => {
  it('visits each row once, with any limit and in any order', async ({ expect, store }) => {
    await givenMany(store, 23, (number) => ({
      createdAt: NOW + (number % 4),
      lastUsedAt: number % 5 === 0 ? NOW : null,
    }))
    for (const by of ['createdAt', 'id', 'lastUsedAt', 'status'] as const) {
      for (const sort of [
        { by, direction: 'asc' },
        { by, direction: 'desc' },
      ] as const) {
        const all = await idsOf(store, { sort })
        for (const limit of [1, 2, 7, 22, 23, 24]) expect(await walk(store, limit, { sort })).toEqual(all)
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
      expect(seen.filter((id) => ids.has(id))).toEqual(expected.filter((id) => ids.has(id)))
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
    expect(seen).toEqual(ids)
  })

  it('goes on after a row that has since left the filter', async ({ expect, store }) => {
    const ids = (await givenMany(store, 20)).map(({ id }) => id)
    const seen = await walk(store, 3, { statuses: ['active'] }, async (soFar) => {
      await revokeAt(store, OWNER, soFar.at(-1) ?? '', NOW + 1)
    })
    expect(seen).toEqual(ids)
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
