import type { TokenStatus } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { NOW, given, givenMany, idsOf, queryOf } from '../../steps/sample-token.ts'

const PROVES: readonly string[] = [
  'All filters must hold',
  'The clock for statuses',
  'Its creator, to the letter',
  'one of them among the makers of a token',
]

export const listFilters: Chapter = chapter('list: filters', PROVES, (it) => {
  it('selects by each status and by several', async ({ expect, store }) => {
    const active = await given(store)
    const suspended = await given(store, { suspendedAt: NOW })
    const expired = await given(store, { expiresAt: NOW + 1 })
    const revoked = await given(store, { revokedAt: NOW + 1 })
    const selected = (...statuses: TokenStatus[]) => idsOf(store, { now: NOW + 2, statuses })
    expect(await selected('active')).toEqual([active.id])
    expect(await selected('suspended')).toEqual([suspended.id])
    expect(await selected('expired')).toEqual([expired.id])
    expect(await selected('revoked')).toEqual([revoked.id])
    expect(await selected('revoked', 'active')).toEqual([active.id, revoked.id])
    expect(await selected('active', 'suspended', 'expired', 'revoked')).toHaveLength(4)
    expect(await selected()).toEqual([])
    expect(await idsOf(store, { now: NOW + 2, statuses: null })).toHaveLength(4)
  })

  it('takes revoked before expired before suspended where several hold', async ({ expect, store }) => {
    const all = await given(store, { suspendedAt: NOW, expiresAt: NOW + 1, revokedAt: NOW + 2 })
    const expired = await given(store, { suspendedAt: NOW, expiresAt: NOW + 1 })
    expect(await idsOf(store, { now: NOW + 3, statuses: ['revoked'] })).toEqual([all.id])
    expect(await idsOf(store, { now: NOW + 3, statuses: ['expired'] })).toEqual([expired.id])
    expect(await idsOf(store, { now: NOW + 3, statuses: ['suspended', 'active'] })).toEqual([])
  })

  it('calls a token expired from the very instant of its expiry', async ({ expect, store }) => {
    const { id } = await given(store, { expiresAt: NOW + 10 })
    expect(await idsOf(store, { now: NOW + 9, statuses: ['active'] })).toEqual([id])
    expect(await idsOf(store, { now: NOW + 9, statuses: ['expired'] })).toEqual([])
    expect(await idsOf(store, { now: NOW + 10, statuses: ['active'] })).toEqual([])
    expect(await idsOf(store, { now: NOW + 10, statuses: ['expired'] })).toEqual([id])
  })

  it('goes by the clock of each query, also when that runs backwards', async ({ expect, store }) => {
    await given(store, { expiresAt: NOW + 10 })
    const total = async (now: number) => {
      const page = await store.list(queryOf({ now, statuses: ['expired'], window: { offset: 0, limit: 5 } }))
      return page.total
    }
    expect([await total(NOW + 20), await total(NOW + 5), await total(NOW + 10)]).toEqual([1, 0, 1])
  })

  it('finds a part of the name anywhere, without regard to case', async ({ expect, store }) => {
    const names = ['ci-deploy', 'CI Pipeline Token', 'Staging cI', 'Release']
    const tokens = await givenMany(store, 4, (number) => ({ name: names[number] ?? '' }))
    expect(await idsOf(store, { name: 'ci' })).toEqual(tokens.slice(0, 3).map(({ id }) => id))
    expect(await idsOf(store, { name: 'PIPE' })).toEqual([tokens[1]?.id])
    expect(await idsOf(store, { name: 'ci-deploy!' })).toEqual([])
  })

  it('takes an empty part of the name for no filter', async ({ expect, store }) => {
    const { id } = await given(store)
    expect(await idsOf(store, { name: '' })).toEqual([id])
  })

  it('selects by the creator, to the letter', async ({ expect, store }) => {
    const { id } = await given(store, { createdBy: 'dana@example.com' })
    await given(store, { createdBy: 'Dana@example.com' })
    await given(store, { createdBy: null })
    expect(await idsOf(store, { createdBy: 'dana@example.com' })).toEqual([id])
    expect(await idsOf(store, { createdBy: 'dana' })).toEqual([])
    expect(await idsOf(store, { createdBy: null })).toHaveLength(3)
  })

  it('selects by the lines of the makers, near and far', async ({ expect, store }) => {
    const first = await given(store)
    const near = await given(store, { issuedBy: first.id, makers: [first.line] })
    const far = await given(store, { issuedBy: near.id, makers: [near.line, first.line] })
    expect(await idsOf(store, { makers: [first.line] })).toEqual([near.id, far.id])
    expect(await idsOf(store, { makers: [near.line, far.line] })).toEqual([far.id])
    expect(await idsOf(store, { makers: [] })).toEqual([])
    expect(await idsOf(store, { makers: null })).toHaveLength(3)
  })

  it('filters also a page after a place', async ({ expect, store }) => {
    const makers = ['line-of-the-maker']
    const made = await givenMany(store, 9, (number) => (number % 2 === 0 ? { makers, createdBy: 'dana' } : {}))
    const window = { after: null, limit: 3 }
    for (const filter of [{ makers }, { createdBy: 'dana' }]) {
      const page = await store.list(queryOf({ ...filter, window }))
      expect(page.records.map(({ id }) => id)).toEqual([0, 2, 4].map((number) => made[number]?.id))
      const rest = await store.list(queryOf({ ...filter, window: { ...window, after: page.next } }))
      expect(rest.records.map(({ id }) => id)).toEqual([6, 8].map((number) => made[number]?.id))
      expect(rest.next).toBeNull()
    }
  })

  it('holds all filters together', async ({ expect, store }) => {
    await given(store, { name: 'ci one' })
    const wanted = await given(store, { name: 'ci two', revokedAt: NOW })
    await given(store, { name: 'other', revokedAt: NOW })
    expect(await idsOf(store, { name: 'CI', statuses: ['revoked'] })).toEqual([wanted.id])
    const made = await given(store, { name: 'ci three', createdBy: 'dana', makers: ['a'] })
    await given(store, { name: 'ci four', createdBy: 'dana' })
    expect(await idsOf(store, { name: 'CI', createdBy: 'dana', makers: ['a'] })).toEqual([made.id])
  })

  it('counts in the total what passes the filters, on every page alike', async ({ expect, store }) => {
    await givenMany(store, 9, (number) => ({ name: `ci ${number}`, revokedAt: number % 3 === 0 ? NOW : null }))
    for (const offset of [0, 1, 2, 3, 100]) {
      const page = await store.list(queryOf({ name: 'CI', statuses: ['revoked'], window: { offset, limit: 1 } }))
      expect(page.total).toBe(3)
      expect(page.records).toHaveLength(offset < 3 ? 1 : 0)
    }
  })
})
