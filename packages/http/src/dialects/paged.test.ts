import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOW, OWNER, openApi } from '../../testing/open-api.ts'
import { NOBODY, sampleToken } from '../../testing/sample-token.ts'
import { challenge } from '../bearer/challenge.ts'
import { invalidParameter } from '../message/problem.ts'
import type { Problem } from '../message/problem.ts'
import list from './fixtures/paged-list.json' with { type: 'json' }
import { paged } from './paged.ts'

const SECOND = 1000

interface Page {
  readonly data: readonly { readonly name: string; readonly status: string }[]
  readonly meta: object
}

async function openWith(names: readonly string[]) {
  const api = openApi(paged, { activeLimit: null })
  for (const name of names) {
    api.clock.now += SECOND
    await api.tokens.issue({ owner: OWNER, name, scopes: [] })
  }
  const get = async (query = '') => (await api.call('GET', '/', { query })).json as Page
  return { ...api, get, names: async (query: string) => (await get(query)).data.map(({ name }) => name) }
}

describe('paged', () => {
  it('writes the list that the API page shows', () => {
    const deploy = sampleToken({
      id: 'tok_a1b2c3d4e5f6g7h8i9j0k1l2',
      name: 'CI Deploy Token',
      scopes: ['tokens:read', 'tokens:write'],
      createdAt: new Date('2026-01-15T09:00:00Z'),
      expiresAt: new Date('2027-01-15T09:00:00Z'),
      lastUsedAt: new Date('2026-04-27T14:32:00Z'),
      createdBy: 'alice@example.com',
    })
    const audit = sampleToken({
      id: 'tok_b2c3d4e5f6g7h8i9j0k1l2m3',
      name: 'Read-Only Audit Key',
      scopes: ['tokens:read'],
      createdAt: new Date('2026-02-01T12:00:00Z'),
      createdBy: 'bob@example.com',
    })
    const request = paged.readList(new URLSearchParams('page=1&per_page=25&status=active'), OWNER)
    const written = paged.writePage({ tokens: [deploy, audit], total: 2, next: null }, request, OWNER, NOBODY)
    expect(JSON.stringify(written)).toBe(JSON.stringify(list))
    expect(paged.writeToken(deploy, NOBODY)).toEqual({ data: list.data[0] })
  })

  it('cuts times off to whole seconds', () => {
    const at = new Date('2026-06-12T10:00:00.999Z')
    const token = sampleToken({ createdAt: at, lastUsedAt: at, expiresAt: at })
    const cut = '2026-06-12T10:00:00Z'
    expect(paged.writeToken(token, NOBODY)).toMatchObject({
      data: { created_at: cut, last_used_at: cut, expires_at: cut },
    })
  })

  it('starts at page 1 with 25 tokens, oldest first', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `token ${i}`)
    const { get } = await openWith(names)
    const { data, meta } = await get()
    expect(data.map(({ name }) => name)).toEqual(names.slice(0, 25))
    expect(meta).toEqual({ page: 1, per_page: 25, total: 30 })
  })

  it('shows on every page its part of the list, and the same total', async () => {
    const names = Array.from({ length: 13 }, (_, i) => `token ${i}`)
    const { get } = await openWith(names)
    const pages = fc.record({ page: fc.integer({ min: 1, max: 20 }), perPage: fc.integer({ min: 1, max: 100 }) })
    await fc.assert(
      fc.asyncProperty(pages, async ({ page, perPage }) => {
        const { data, meta } = await get(`page=${page}&per_page=${perPage}`)
        expect(data.map(({ name }) => name)).toEqual(names.slice((page - 1) * perPage, page * perPage))
        expect(meta).toEqual({ page, per_page: perPage, total: 13 })
      }),
    )
  })

  it('answers past the end with an empty page and the same total, as far as pages can be numbered', async () => {
    const { get } = await openWith(['CI'])
    const meta = { page: 2_147_483_647, per_page: 100, total: 1 }
    await expect(get('page=2147483647&per_page=100')).resolves.toEqual({ data: [], meta })
  })

  it('filters by status at the time of the request, and shows a suspended token as such', async () => {
    const { tokens, clock, get } = await openWith(['active'])
    const issue = (name: string, expiresAt?: Date) => tokens.issue({ owner: OWNER, name, scopes: [], expiresAt })
    await issue('expired', new Date(clock.now + SECOND))
    await tokens.suspend(OWNER, (await issue('suspended')).token.id)
    await tokens.revoke(OWNER, (await issue('revoked')).token.id)
    clock.now += SECOND
    for (const status of ['active', 'expired', 'suspended', 'revoked']) {
      const { data, meta } = await get(`status=${status}`)
      expect(data).toMatchObject([{ name: status, status }])
      expect(meta).toMatchObject({ total: 1 })
    }
    await expect(get()).resolves.toMatchObject({ meta: { total: 4 } })
  })

  it('filters by a part of the name, without regard to case and character by character', async () => {
    const { names } = await openWith(['ci-deploy', 'CI Pipeline Token', 'audit', '100%', 'a_b', 'a*b', 'a\\b', 'aXb'])
    await expect(names('name=ci')).resolves.toEqual(['ci-deploy', 'CI Pipeline Token'])
    await expect(names('name=PIPELINE+t')).resolves.toEqual(['CI Pipeline Token'])
    await expect(names('name=%25')).resolves.toEqual(['100%'])
    await expect(names('name=a_b')).resolves.toEqual(['a_b'])
    await expect(names('name=a*b')).resolves.toEqual(['a*b'])
    await expect(names('name=a%5Cb')).resolves.toEqual(['a\\b'])
    await expect(names('name=zzz')).resolves.toEqual([])
    await expect(names('name=')).resolves.toHaveLength(8)
    expect(paged.readList(new URLSearchParams('name='), OWNER).name).toBeNull()
  })

  it('wants all filters at once and counts what they leave, across all pages', async () => {
    const { tokens, get } = await openWith(['ci 1', 'ci 2', 'ci 3', 'audit'])
    const { tokens: all } = await tokens.list(OWNER)
    await tokens.revoke(OWNER, all[0]?.id ?? '')
    const { data, meta } = await get('status=active&name=CI&per_page=1&page=2')
    expect(data).toMatchObject([{ name: 'ci 3' }])
    expect(meta).toEqual({ page: 2, per_page: 1, total: 2 })
  })

  it.each([
    ['page=0', 'page'],
    ['page=', 'page'],
    ['page=1&page=2', 'page'],
    ['page=1.5', 'page'],
    ['per_page=0', 'per_page'],
    ['per_page=101', 'per_page'],
    ['per_page=abc', 'per_page'],
    ['status=', 'status'],
    ['status=Active', 'status'],
    ['status=all', 'status'],
    ['status=active&status=active', 'status'],
    ['name=a&name=b', 'name'],
  ])('refuses %s and names the field', async (query, field) => {
    await expect(openApi(paged).call('GET', '/', { query })).resolves.toMatchObject({
      status: 400,
      json: { error: { code: 'invalid_parameter', field } },
    })
  })

  it('needs tokens:read to list and tokens:write to issue', async () => {
    const { call } = openApi(paged)
    const as = (...scopes: string[]) => ({ caller: { owner: OWNER, scopes } })
    const json = { name: 'CI', scopes: [] }
    const refused = { status: 403, json: { error: { code: 'insufficient_scope' } } }
    await expect(call('GET', '/', as('tokens:write'))).resolves.toMatchObject(refused)
    await expect(call('GET', '/', as('tokens:read'))).resolves.toMatchObject({ status: 200 })
    await expect(call('POST', '/', { ...as('tokens:read'), json })).resolves.toMatchObject(refused)
    await expect(call('POST', '/', { ...as('tokens:write'), json })).resolves.toMatchObject({ status: 201 })
  })

  it('words errors with the field where one is wrong, and without where none is', () => {
    const wrong = { code: 'invalid_parameter', message: 'page must be an integer', field: 'page' }
    const written = (problem: Problem) => JSON.parse(JSON.stringify(paged.writeError(problem)))
    expect(written(invalidParameter('page', 'an integer'))).toEqual({ error: wrong })
    expect(written(challenge({ ok: false, reason: 'revoked' }))).toEqual({
      error: { code: 'unauthorized', message: 'The access token is not valid.' },
    })
  })

  it('issues with the creation time in whole seconds and the record’s exact fields', async () => {
    const { call } = openApi(paged)
    const { json } = await call('POST', '/', { json: { name: 'CI', scopes: [] } })
    expect(Object.keys((json as { data: object }).data)).toEqual(Object.keys(list.data[0] ?? {}))
    expect(json).toMatchObject({ data: { created_at: `${new Date(NOW).toISOString().slice(0, 19)}Z` } })
  })
})
