import { timeOrderedIds } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { NOW, OWNER, openApi } from '../../testing/open-api.ts'
import { NOBODY, sampleToken } from '../../testing/sample-token.ts'
import list from './fixtures/offset-list.json' with { type: 'json' }
import { offset } from './offset.ts'

const YEAR_MS = 365 * 24 * 60 * 60 * 1000
const EXPIRY = { defaultMs: YEAR_MS, required: true }

interface Page {
  readonly pagination: object
  readonly sorting: object
  readonly summaries: readonly { readonly id: string; readonly status: string }[]
}

function open() {
  const api = openApi(offset, { ids: timeOrderedIds, expiry: EXPIRY, activeLimit: null })
  const get = async (query = '') => (await api.call('GET', '/', { query })).json as Page
  async function issue(facts: { name?: string; expiresAt?: Date } = {}): Promise<string> {
    api.clock.now += 1
    return (await api.tokens.issue({ owner: OWNER, name: 'CI', scopes: [], ...facts })).token.id
  }
  return { ...api, get, issue, ids: async (query: string) => (await get(query)).summaries.map(({ id }) => id) }
}

describe('offset', () => {
  it('writes the fields that the API page shows, with the token scope that its environment makes', () => {
    const [shown] = list.summaries
    const at = new Date('2024-01-01T00:00:00Z')
    const token = sampleToken({
      id: '013xrzp12g3nqk8n7f8f9jbg8d18q7tm',
      owner: '013xrzp12g3nqk8ngskn1wtxgka5b0nf',
      createdBy: '013xrzp12g3nqk8nh0qrc2b1jfanmvb9',
      attributes: { environmentId: '013xrzp12g3nqk8nzxvq7jm2arsfg5h1' },
      createdAt: at,
      expiresAt: at,
      lastUsedAt: at,
    })
    const request = offset.readList(new URLSearchParams('pagination[offset]=90&pagination[page_size]=10'), OWNER)
    const page = JSON.parse(
      JSON.stringify(offset.writePage({ tokens: [token], total: 200, next: null }, request, OWNER, NOBODY)),
    )
    expect(page).toMatchObject({ status: 'success', sorting: list.sorting })
    expect(page.summaries).toEqual([{ ...shown, token_scope: 'environment' }])
    expect(Object.keys(page.pagination).toSorted()).toEqual(Object.keys(list.pagination))
    expect(Object.keys(page).toSorted()).toEqual(Object.keys(list).toSorted())
  })

  it('is of the account where it has no environment', () => {
    expect(offset.writeToken(sampleToken(), NOBODY)).toMatchObject({
      status: 'success',
      api_token: { environment_id: null, token_scope: 'account', type: 'api_token' },
    })
  })

  it('cuts times off to whole seconds', () => {
    const at = new Date('2026-06-12T10:00:00.999Z')
    const cut = '2026-06-12T10:00:00Z'
    expect(offset.writeToken(sampleToken({ createdAt: at, lastUsedAt: at, expiresAt: at }), NOBODY)).toMatchObject({
      api_token: { inserted_at: cut, updated_at: cut, last_used_at: cut, expires_at: cut },
    })
  })

  it('lists from 0 by 10, by id ascending, which is by creation', async () => {
    const { get, issue } = open()
    const issued: string[] = []
    for (let i = 0; i < 12; i++) issued.push(await issue())
    const page = await get()
    expect(page.summaries.map(({ id }) => id)).toEqual(issued.slice(0, 10))
    expect(page.sorting).toEqual({ field: 'id', direction: 'asc' })
    expect(page.pagination).toMatchObject({ page_offset: 0, page_size: 10, item_count: 12, next_page_offset: 10 })
    const rest = await get('pagination[offset]=10')
    expect(rest.summaries.map(({ id }) => id)).toEqual(issued.slice(10))
  })

  it('takes every offset from 0 and every page size from 1 to 100', async () => {
    const { get } = open()
    for (const [page_offset, page_size] of [
      [0, 1],
      [2_147_483_647, 100],
    ]) {
      const query = `pagination[offset]=${page_offset}&pagination[page_size]=${page_size}`
      await expect(get(query)).resolves.toMatchObject({ pagination: { page_offset, page_size } })
    }
  })

  it('takes names in percent-encoded brackets', async () => {
    await expect(open().get('pagination%5Bpage_size%5D=3')).resolves.toMatchObject({ pagination: { page_size: 3 } })
  })

  it('answers past the end with an empty page that leads back', async () => {
    const { get, issue } = open()
    for (let i = 0; i < 3; i++) await issue()
    await expect(get('pagination[offset]=9&pagination[page_size]=2')).resolves.toMatchObject({
      summaries: [],
      pagination: { item_count: 3, item_start: 0, item_end: 0, next_page_offset: null, previous_page_offset: 2 },
    })
  })

  it('sorts by id, status, creation and last use, in both directions', async () => {
    const { tokens, clock, ids, issue } = open()
    const [revoked, suspended] = [await issue(), await issue()]
    clock.now += 1000
    const { token: used, secret } = await tokens.issue({ owner: OWNER, name: 'CI', scopes: [] })
    await tokens.verify(secret)
    await tokens.flush()
    await tokens.revoke(OWNER, revoked)
    await tokens.suspend(OWNER, suspended)
    const orders = {
      id: [revoked, suspended, used.id],
      timestamp: [revoked, suspended, used.id],
      status: [used.id, revoked, suspended],
      last_seen: [revoked, suspended, used.id],
    }
    for (const [field, order] of Object.entries(orders)) {
      const sorted = `sorting[field]=${field}`
      await expect(ids(sorted)).resolves.toEqual(order)
      await expect(ids(`${sorted}&sorting[direction]=asc`)).resolves.toEqual(order)
      await expect(ids(`${sorted}&sorting[direction]=desc`)).resolves.toEqual(order.toReversed())
    }
  })

  it('says what it has sorted by', async () => {
    const { get } = open()
    for (const field of ['id', 'status', 'timestamp', 'last_seen'])
      await expect(get(`sorting[field]=${field}&sorting[direction]=desc`)).resolves.toMatchObject({
        sorting: { field, direction: 'desc' },
      })
  })

  it('shows the stored state of an expired token', async () => {
    const { tokens, clock, get, issue } = open()
    const expiresAt = new Date(NOW + 1000)
    await issue({ expiresAt })
    await tokens.suspend(OWNER, await issue({ expiresAt }))
    await tokens.revoke(OWNER, await issue({ expiresAt }))
    clock.now += 1000
    const { summaries } = await get()
    expect(summaries.map(({ status }) => status)).toEqual(['active', 'suspended', 'revoked'])
  })

  it('moves updated_at on suspend, resume and revoke, but not on use', async () => {
    const { tokens, clock, call } = open()
    const { token, secret } = await tokens.issue({ owner: OWNER, name: 'CI', scopes: [] })
    const updatedAt = async () => {
      const { json } = await call('GET', `/${token.id}`)
      return (json as { api_token: { updated_at: string } }).api_token.updated_at
    }
    const times = [await updatedAt()]
    for (const change of [() => tokens.suspend(OWNER, token.id), () => tokens.resume(OWNER, token.id)]) {
      clock.now += 1000
      await change()
      times.push(await updatedAt())
    }
    clock.now += 1000
    await tokens.verify(secret)
    await tokens.flush()
    expect(await updatedAt()).toBe(times.at(-1))
    await tokens.revoke(OWNER, token.id)
    times.push(await updatedAt())
    expect(new Set(times).size).toBe(4)
  })

  it('issues for a year where the expiry is left out', async () => {
    const { json } = await open().call('POST', '/', { json: { name: 'CI', scopes: [] } })
    const expires_at = `${new Date(NOW + YEAR_MS).toISOString().slice(0, 19)}Z`
    expect(json).toMatchObject({ status: 'success', api_token: { expires_at } })
  })

  it('has no effect of an idempotency key on a list', async () => {
    const { get } = open()
    expect(await get('idempotency_key=a')).toEqual(await get())
    expect(await get('idempotency_key=a&idempotency_key=b')).toEqual(await get())
  })
})
