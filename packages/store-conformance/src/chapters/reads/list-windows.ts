import type { Place, SortField, TokenQuery, TokenRecord, TokenSort, TokenWindow } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { NOW, given, givenMany, queryOf } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

async function read(store: StepsOnStore, window: TokenWindow, query: Partial<TokenQuery> = {}) {
  const page = await store.list(queryOf({ ...query, window }))
  return { ids: page.records.map(({ id }) => id), total: page.total, next: page.next }
}

function placeByCreation({ createdAt, id }: TokenRecord): Place {
  return { value: createdAt, id }
}

const DESCENDING = { by: 'createdAt', direction: 'desc' } as const

const PROVES: readonly string[] = [
  'a range by position, the rows after a place, or everything',
  'how many rows pass the filters in all',
  'the next place if more rows follow',
]

export const listWindows: Chapter = chapter('list: windows', PROVES, (it) => {
  it('all: everything, without total or next', async ({ expect, store }) => {
    const ids = (await givenMany(store, 130)).map(({ id }) => id)
    expect(await read(store, 'all')).toEqual({ ids, total: null, next: null })
  })

  it('by offset: the range, with the total and without next', async ({ expect, store }) => {
    const ids = (await givenMany(store, 5)).map(({ id }) => id)
    const page = (offset: number, limit: number) => read(store, { offset, limit })
    expect(await page(0, 2)).toEqual({ ids: ids.slice(0, 2), total: 5, next: null })
    expect(await page(2, 2)).toEqual({ ids: ids.slice(2, 4), total: 5, next: null })
    expect(await page(4, 2)).toEqual({ ids: ids.slice(4), total: 5, next: null })
    expect(await page(0, 1_000)).toEqual({ ids, total: 5, next: null })
    for (const offset of [5, 6, 1_000_000]) expect(await page(offset, 2)).toEqual({ ids: [], total: 5, next: null })
  })

  it('by offset: counts from the end where the order is descending', async ({ expect, store }) => {
    const ids = (await givenMany(store, 5)).map(({ id }) => id).toReversed()
    for (const offset of [0, 1, 3, 4, 5]) {
      const { ids: page } = await read(store, { offset, limit: 2 }, { sort: DESCENDING })
      expect(page).toEqual(ids.slice(offset, offset + 2))
    }
  })

  it('after a place: those that follow, and the place to go on as long as more follow', async ({ expect, store }) => {
    const tokens = await givenMany(store, 5)
    const ids = tokens.map(({ id }) => id)
    const places = tokens.map(placeByCreation)
    const page = (number: number, limit: number) => read(store, { after: places[number] ?? null, limit })
    expect(await page(-1, 2)).toEqual({ ids: ids.slice(0, 2), total: null, next: places[1] })
    expect(await page(1, 2)).toEqual({ ids: ids.slice(2, 4), total: null, next: places[3] })
    expect(await page(3, 2)).toEqual({ ids: ids.slice(4), total: null, next: null })
    expect(await page(2, 2)).toEqual({ ids: ids.slice(3), total: null, next: null })
    expect(await page(4, 2)).toEqual({ ids: [], total: null, next: null })
    expect(await page(-1, 5)).toEqual({ ids, total: null, next: null })
  })

  it('gives a place that holds what the list is sorted by', async ({ expect, store }) => {
    const [first] = await givenMany(store, 2, (number) => ({ lastUsedAt: number === 0 ? null : NOW + number }))
    const id = first?.id ?? ''
    const nextBy = async (by: SortField) =>
      (await read(store, { after: null, limit: 1 }, { sort: { by, direction: 'asc' } })).next
    expect(await nextBy('createdAt')).toEqual({ value: NOW, id })
    expect(await nextBy('id')).toEqual({ value: id, id })
    expect(await nextBy('lastUsedAt')).toEqual({ value: null, id })
    expect(await nextBy('status')).toEqual({ value: 'active', id })
  })

  it('after a place where no row is: those behind it', async ({ expect, store }) => {
    const ids = (await givenMany(store, 3)).map(({ id }) => id)
    for (const id of ['unknown', '', '0', '~', '__proto__', `${ids[0]}x`]) {
      const behind = (value: number, sort?: TokenSort) =>
        read(store, { after: { value, id }, limit: 5 }, sort && { sort })
      const ahead = ids.filter((other) => other > id)
      expect((await behind(NOW - 1)).ids).toEqual(ids)
      expect((await behind(NOW)).ids).toEqual(ahead)
      expect((await behind(NOW + 1)).ids).toEqual([])
      expect((await behind(NOW - 1, DESCENDING)).ids).toEqual([])
      expect((await behind(NOW, DESCENDING)).ids).toEqual(ids.filter((other) => other < id).toReversed())
      expect((await behind(NOW + 1, DESCENDING)).ids).toEqual(ids.toReversed())
    }
  })

  it('after a row that does not pass the filters itself: those behind it that do', async ({ expect, store }) => {
    const tokens = await givenMany(store, 6, (number) => ({ revokedAt: number % 2 === 0 ? NOW : null }))
    const ids = tokens.map(({ id }) => id)
    const places = tokens.map(placeByCreation)
    const after = (number: number) => places[number] ?? null
    const query = { statuses: ['active'] } as const
    const page = await read(store, { after: after(2), limit: 1 }, query)
    expect(page).toEqual({ ids: [ids[3]], total: null, next: places[3] })
    expect(await read(store, { after: after(4), limit: 1 }, query)).toEqual({
      ids: [ids[5]],
      total: null,
      next: null,
    })
    const backwards = await read(store, { after: after(2), limit: 5 }, { ...query, sort: DESCENDING })
    expect(backwards).toEqual({ ids: [ids[1]], total: null, next: null })
  })

  it('gives no next where only rows follow that do not pass the filters', async ({ expect, store }) => {
    const wanted = await given(store, { name: 'ci' })
    await givenMany(store, 3, () => ({ name: 'other' }))
    const page = await read(store, { after: null, limit: 1 }, { name: 'ci' })
    expect(page).toEqual({ ids: [wanted.id], total: null, next: null })
  })

  it('never gives more rows than the limit', async ({ expect, store }) => {
    await givenMany(store, 250)
    for (const limit of [1, 99, 100, 101, 249]) {
      expect((await read(store, { offset: 0, limit })).ids).toHaveLength(limit)
      expect((await read(store, { after: null, limit })).ids).toHaveLength(limit)
      expect((await read(store, { after: null, limit }, { name: 'ci' })).ids).toHaveLength(limit)
    }
  })
})
