import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOW, OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import type { OpenApi } from '../../testing/open-api.ts'
import { NOBODY, sampleToken } from '../../testing/sample-token.ts'
import { invalidParameter } from '../message/problem.ts'
import { cursor } from './cursor.ts'
import error from './fixtures/cursor-error.json' with { type: 'json' }
import list from './fixtures/cursor-list.json' with { type: 'json' }

const CI = { owner: OWNER, name: 'CI', scopes: ['nodes:read'] }

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

interface Page {
  readonly items: readonly { readonly id: string; readonly name: string }[]
  readonly next_cursor: string | null
}

const get = async ({ call }: OpenApi, query = '') => (await call('GET', '/', { query })).json as Page

describe('cursor', () => {
  it('writes the page that the API page shows', () => {
    const at = new Date('2026-04-15T12:00:00Z')
    const id = '2489E9AD-2EE2-8E00-8EC9-32D5F69181C0'
    const token = sampleToken({
      id,
      owner: id,
      name: 'example',
      preview: 'example********bd21',
      scopes: ['example'],
      createdAt: at,
      lastUsedAt: at,
      expiresAt: at,
    })
    const request = cursor.readList(new URLSearchParams('limit=50'), OWNER)
    const next = { value: at.getTime(), id }
    const written = cursor.writePage({ tokens: [token], total: null, next }, request, OWNER, NOBODY)
    const shown = { ...list, next_cursor: expect.stringMatching(UUID) }
    expect(JSON.parse(JSON.stringify(written))).toEqual(shown)
    expect(Object.keys(written)).toEqual(Object.keys(list))
    expect(cursor.writeToken(token, NOBODY)).toEqual({ item: list.items[0] })
  })

  it('words errors with the fields that the API page shows', () => {
    const { error: written } = cursor.writeError(invalidParameter('limit', 'a number')) as typeof error
    expect(Object.keys(written)).toEqual(Object.keys(error.error))
    expect(written.details.map((detail) => Object.keys(detail))).toEqual([Object.keys(error.error.details[0] ?? {})])
  })

  it('shows of a secret its prefix and the first 4 characters', async () => {
    const api = openApi(cursor)
    const { secret } = await api.tokens.issue(CI)
    const prefix = secret.slice(0, 'ot_pat_'.length + 4)
    await expect(get(api)).resolves.toMatchObject({ items: [{ prefix, org_id: OWNER }], next_cursor: null })
  })

  it('lists 50 at most, oldest first, and goes on after them', async () => {
    const api = openApi(cursor, { activeLimit: null })
    const names = Array.from({ length: 51 }, (_, i) => `token ${i}`)
    for (const name of names) {
      api.clock.now += 1
      await api.tokens.issue({ ...CI, name })
    }
    const first = await get(api)
    expect(first.items.map(({ name }) => name)).toEqual(names.slice(0, 50))
    expect(first.next_cursor).toMatch(UUID)
    const last = await get(api, `cursor=${first.next_cursor}`)
    expect(last.items.map(({ name }) => name)).toEqual(names.slice(50))
    expect(last.next_cursor).toBeNull()
  })

  it('lists expired and suspended tokens, but no revoked ones, which an item cannot show', async () => {
    const api = openApi(cursor)
    const expired = await api.tokens.issue({ ...CI, expiresAt: new Date(NOW + 1) })
    const suspended = await api.tokens.issue(CI)
    const revoked = await api.tokens.issue(CI)
    await api.tokens.suspend(OWNER, suspended.token.id)
    await api.tokens.revoke(OWNER, revoked.token.id)
    api.clock.now += 1
    const ids = (await get(api)).items.map(({ id }) => id)
    expect(ids.toSorted()).toEqual([expired.token.id, suspended.token.id].toSorted())
  })

  it('visits each row once with any limit, whatever is issued, revoked and pruned between the pages', async () => {
    const limits = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 })
    const changes = fc.array(
      fc.record({ issue: fc.nat(2), revoke: fc.array(fc.nat(30), { maxLength: 2 }), prune: fc.boolean() }),
    )
    const ticks = fc.array(fc.nat(1), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(limits, changes, ticks, async (limits, changes, ticks) => {
        const api = openApi(cursor, { activeLimit: null })
        const ids: string[] = []
        const issue = async (tick: number) => {
          api.clock.now += tick
          ids.push((await api.tokens.issue(CI)).token.id)
        }
        for (const tick of ticks) await issue(tick)
        const changed = new Set<string>()
        const seen: string[] = []
        let next: string | null = ''
        for (let page = 0; next !== null; page++) {
          const query: string = `limit=${limits[page % limits.length]}${next && `&cursor=${next}`}`
          const { items, next_cursor }: Page = await get(api, query)
          seen.push(...items.map(({ id }) => id))
          next = next_cursor
          const change = changes[page]
          for (const index of change?.revoke ?? []) {
            const id = ids[index % ids.length] ?? ''
            if (changed.has(id)) continue
            changed.add(id)
            await api.tokens.revoke(OWNER, id)
          }
          if (change?.prune === true) {
            api.clock.now += 1
            await api.tokens.prune({ keepMs: 0 })
          }
          for (let i = 0; i < (change?.issue ?? 0); i++) await issue(1)
        }
        expect(new Set(seen).size).toBe(seen.length)
        const lasting = ids.slice(0, ticks.length).filter((id) => !changed.has(id))
        expect(lasting.filter((id) => !seen.includes(id))).toEqual([])
      }),
    )
  })

  it('goes on after a row that was revoked meanwhile', async () => {
    const api = openApi(cursor)
    for (let i = 0; i < 3; i++) await api.tokens.issue(CI)
    const { items, next_cursor } = await get(api, 'limit=1')
    await api.tokens.revoke(OWNER, items[0]?.id ?? '')
    await expect(get(api, `cursor=${next_cursor}`)).resolves.toMatchObject({ items: [{}, {}] })
  })

  it('goes on where it was after a row that was pruned meanwhile, amid others of the same millisecond', async () => {
    const api = openApi(cursor)
    for (let i = 0; i < 9; i++) await api.tokens.issue(CI)
    const all = (await get(api)).items.map(({ id }) => id)
    for (let count = 1; count < 9; count += 1) {
      const { items, next_cursor } = await get(api, 'limit=1')
      await api.tokens.revoke(OWNER, items[0]?.id ?? '')
      api.clock.now += 1
      expect(await api.tokens.prune({ keepMs: 0 })).toBe(1)
      const rest = await get(api, `cursor=${next_cursor}`)
      expect(rest.items.map(({ id }) => id)).toEqual(all.slice(count))
    }
  })

  it('selects nothing by a cursor that is unknown or of another organization', async () => {
    const api = openApi(cursor)
    for (let i = 0; i < 3; i++) await api.tokens.issue(CI)
    const foreign = openApi(cursor)
    for (let i = 0; i < 3; i++) await foreign.tokens.issue({ ...CI, owner: OTHER_OWNER })
    const asOther = { caller: { owner: OTHER_OWNER, scopes: null }, params: { orgID: OTHER_OWNER }, query: 'limit=1' }
    const { next_cursor } = (await foreign.call('GET', '/', asOther)).json as Page
    expect(next_cursor).toMatch(UUID)
    for (const unknown of [next_cursor, 'b4f0c0de-0000-4000-8000-000000000001', 'b4f0c0de-0000-8000-8000-000000000001'])
      await expect(get(api, `cursor=${unknown}`)).resolves.toEqual({ items: [], next_cursor: null })
  })

  it('takes a cursor in upper case for the same', async () => {
    const api = openApi(cursor)
    for (let i = 0; i < 3; i++) await api.tokens.issue(CI)
    const { next_cursor } = await get(api, 'limit=1')
    expect(await get(api, `cursor=${next_cursor?.toUpperCase()}`)).toEqual(await get(api, `cursor=${next_cursor}`))
  })

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=', 'limit'],
    ['limit=50&limit=50', 'limit'],
    ['cursor=', 'cursor'],
    ['cursor=1', 'cursor'],
    ['cursor=b4f0c0de000040008000000000000001', 'cursor'],
    ['cursor={b4f0c0de-0000-4000-8000-000000000001}', 'cursor'],
    [`cursor=${'a'.repeat(10_000)}`, 'cursor'],
  ])('refuses %s and says which parameter is wrong', async (query, field) => {
    const { status, json } = await openApi(cursor).call('GET', '/', { query })
    const message = expect.stringMatching(`^${field} must be `)
    const details = [{ field, code: 'invalid_parameter', message }]
    expect(status).toBe(400)
    expect(json).toEqual({ error: { code: 'invalid_parameter', message, details } })
  })
})

describe('cursor: orgID', () => {
  const notFound = { error: { code: 'not_found', message: 'There is no such organization.', details: [] } }

  it('is compared without case, and may be a UUID of any version', async () => {
    const { call } = openApi(cursor)
    for (const owner of [OWNER, '00000000-0000-0000-0000-000000000000', '2489E9AD-2EE2-8E00-8EC9-32D5F69181C0']) {
      for (const orgID of [owner, owner.toUpperCase(), owner.toLowerCase()]) {
        const facts = { caller: { owner, scopes: null }, params: { orgID } }
        await expect(call('GET', '/', facts)).resolves.toMatchObject({ status: 200 })
      }
    }
  })

  it.each(['', 'acme', `${OWNER}0`, `0${OWNER}`, OWNER.replaceAll('-', ''), `{${OWNER}}`, '__proto__', undefined])(
    'is refused when it is malformed: %s',
    async (orgID) => {
      const { status, json } = await openApi(cursor).call('GET', '/', { params: { orgID } })
      expect(status).toBe(400)
      expect(json).toMatchObject({ error: { details: [{ field: 'orgID', code: 'invalid_parameter' }] } })
    },
  )

  it('answers for another organization as for one that does not exist', async () => {
    const { call, tokens } = openApi(cursor)
    const { token } = await tokens.issue({ ...CI, owner: OTHER_OWNER })
    for (const orgID of [OTHER_OWNER, 'b4f0c0de-0000-4000-8000-000000000001']) {
      for (const method of ['GET', 'DELETE']) {
        const answer = await call(method, `/${token.id}`, { params: { orgID } })
        expect(answer).toMatchObject({ status: 404 })
        expect(answer.json).toEqual(notFound)
      }
    }
  })
})
