import { inspect } from 'node:util'
import type { Token as CoreToken } from '@tessera/core'
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import { OWNER, openApi } from '../testing/open-api.ts'
import type { OpenApi } from '../testing/open-api.ts'
import { createClient } from './client.ts'
import type { Client } from './client.ts'
import type { ListFilters, Token } from './index.ts'

let api: OpenApi
let client: Client
beforeAll(async () => {
  api = await openApi()
  client = api.client()
})
afterEach(() => {
  api.requests.length = 0
})
afterAll(() => api.stop())

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

const namesOf = async (tokens: AsyncIterable<Token>) => (await all(tokens)).map(({ name }) => name)

describe('createClient', () => {
  it('shows tokens as core does', async () => {
    const expiresAt = new Date('2030-01-31T00:00:00Z')
    const networks = ['127.0.0.1/32']
    const attributes = { team: 'ops' }
    const { token, secret, replayed } = await client.issue({
      name: 'CI',
      scopes: ['jobs:read'],
      expiresAt,
      networks,
      attributes,
    })
    expectTypeOf<Omit<Token, 'current'>>().toMatchTypeOf<Omit<CoreToken, 'revokedReason'>>()
    const { current, ...shown } = token
    expect(shown).toEqual(await api.tokens.get(OWNER, token.id))
    expect({ current, replayed }).toEqual({ current: false, replayed: false })
    await expect(api.tokens.introspect(secret, { ip: '127.0.0.1' })).resolves.toMatchObject({ id: token.id })
    await expect(client.self()).resolves.toMatchObject({ id: api.own.id, current: true })
  })

  it('leads a token through its life', async () => {
    const { token } = await client.issue({ name: 'CI', scopes: ['jobs:read'] })
    const edited = await client.edit(token.id, { name: 'CD', expiresAt: new Date('2030-01-31T00:00:00Z') })
    expect(edited).toMatchObject({ name: 'CD', expiresAt: new Date('2030-01-31T00:00:00Z') })
    await expect(client.suspend(token.id)).resolves.toMatchObject({ status: 'suspended' })
    await expect(client.resume(token.id)).resolves.toMatchObject({ status: 'active' })
    const rotated = await client.rotate(token.id, { overlapSeconds: 0 })
    await expect(client.get(token.id)).resolves.toMatchObject({ status: 'revoked', rotatedTo: rotated.token.id })
    await expect(client.revoke(rotated.token.id)).resolves.toMatchObject({ revokedAt: expect.any(Date) })
  })

  it('revokes all that it issued, once', async () => {
    const { usage } = client
    const { active } = await usage()
    await client.issue({ name: 'one', scopes: [] })
    await client.issue({ name: 'two', scopes: [] })
    await expect(usage()).resolves.toEqual({ active: active + 2, limit: null })
    const filter = { issuedBy: api.own.id, createdBefore: new Date('2030-01-31T00:00:00Z'), exceptId: 'self' }
    await expect(client.revokeAll({ ...filter, reason: 'leaked' })).resolves.toBeGreaterThanOrEqual(2)
    await expect(client.revokeAll(filter)).resolves.toBe(0)
    await expect(usage()).resolves.toMatchObject({ active: 1 })
    await expect(client.revokeAll({})).rejects.toMatchObject({ status: 400 })
  })

  it('has access by a header of the app’s own, which it asks for again after a refusal', async () => {
    let session = 'Bearer stale'
    const authorization = () => session
    const person = api.client({ authorization })
    await expect(person.self()).rejects.toMatchObject({ status: 401, code: 'invalid_token' })
    const late = api.client({
      authorization: () => {
        const before = session
        session = `Bearer ${api.secret}`
        return before
      },
    })
    session = 'Bearer stale'
    await expect(late.self()).resolves.toMatchObject({ id: api.own.id })
    await expect(late.authorization()).resolves.toBe(`Bearer ${api.secret}`)
  })
})

describe('list', () => {
  it('follows each page to the last, and asks for none before it is wanted', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `listed ${index}`)
    for (const name of names) await api.tokens.issue({ owner: OWNER, name, scopes: [] })
    const listing = client.list({ name: 'listed', status: ['active'], order: 'asc', limit: 3 })
    expect(api.requests).toEqual([])
    for (let round = 0; round < 2; round += 1) expect((await namesOf(listing)).sort()).toEqual(names)
    const sizes = (await all(listing.pages())).map(({ tokens, usage }) => [tokens.length, usage.limit])
    expect(sizes).toEqual([3, 3, 1].map((size) => [size, null]))
    for await (const { next } of client.list({ name: 'listed', limit: 6 }).pages()) {
      if (next === null) break
      expect(await namesOf(client.list({ name: 'listed', limit: 6, after: next }))).toHaveLength(1)
      break
    }
  })

  it('goes on after a page without a token, and not after one that leads to itself', async () => {
    const page = (next: string | null) => ({
      kind: 'answer' as const,
      answer: Response.json({ tokens: [], next, usage: { active: 1, limit: null } }),
    })
    api.faults.push(page('a'), page('b'), page(null))
    await expect(namesOf(client.list())).resolves.toEqual([])
    expect(api.requests).toEqual(['', '?after=a', '?after=b'].map((query) => `GET /tokens${query}`))
    api.faults.push(page('a'), page('a'))
    await expect(namesOf(client.list())).rejects.toMatchObject({ code: 'unexpected_answer' })
  })

  it('sends every filter as the server reads it', async () => {
    const at = new Date('2026-01-31T00:00:00Z')
    const filters: ListFilters = {
      ...{ name: 'C I', createdBy: 'ada', issuedBy: api.own.id, scope: 'jobs:read', limit: 5 },
      ...{ createdAfter: at, createdBefore: at, usedAfter: at, unusedSince: at, expiresBefore: at },
      status: ['active', 'suspended'],
      sort: 'lastUsedAt',
      order: 'asc',
    }
    await expect(namesOf(client.list(filters))).resolves.toEqual([])
    const { searchParams } = new URL(api.requests[0]?.split(' ')[1] ?? '', api.url)
    expect(Object.fromEntries(searchParams)).toEqual({
      ...{ status: 'active,suspended', name: 'C I', createdBy: 'ada', issuedBy: api.own.id, scope: 'jobs:read' },
      ...{ createdAfter: at.toISOString(), createdBefore: at.toISOString(), usedAfter: at.toISOString() },
      ...{ unusedSince: at.toISOString(), expiresBefore: at.toISOString() },
      ...{ sort: 'lastUsedAt', order: 'asc', limit: '5' },
    })
  })
})

describe('a slip', () => {
  it.each<[string, () => unknown]>([
    ['list: there is no "createdby"', () => client.list({ createdby: 'ada' } as object)],
    ['list: "unusedSince" must be a valid date', () => client.list({ unusedSince: new Date('never') })],
    ['issue: there is no "scope"', async () => client.issue({ name: 'CI', scope: [] } as never)],
    [
      'issue: "expiresAt" must be a valid date',
      async () => client.issue({ name: 'CI', scopes: [], expiresAt: new Date('never') }),
    ],
    ['revokeAll: there is no "createdby"', async () => client.revokeAll({ createdby: 'ada' } as object)],
    ['the id must be', async () => client.revoke('..')],
    ['the id must be', async () => client.get('')],
    ['use rotateSelf', async () => client.rotate('self')],
    ['there is no "idempotencykey"', async () => client.revoke(api.own.id, { idempotencykey: 'a' } as object)],
    ['there is no "idempotencyKey"', async () => client.self({ idempotencyKey: 'a' } as object)],
    ['"idempotencyKey" must be', async () => client.revoke(api.own.id, { idempotencyKey: 'a b' })],
    ['"deadlineMs" must be', async () => client.usage({ deadlineMs: Number.NaN })],
  ])('asks the server for nothing: %s', async (message, run) => {
    await expect(async () => run()).rejects.toThrow(message)
    await expect(async () => run()).rejects.toThrow(TypeError)
    expect(api.requests).toEqual([])
  })

  it.each<[string, object]>([
    ['give one of "token" and "authorization"', { token: undefined }],
    ['give one of "token" and "authorization"', { authorization: 'Basic YTpi' }],
    ['option "token" must be', { token: 'half a-secret' }],
    ['option "store" must be a function', { store: 'a file' }],
    ['"url" must be', { url: 'http://api.acme.test' }],
    ['"url" must be', { url: 'https://ada:pw@api.acme.test' }],
    ['"url" must be', { url: 'https://api.acme.test?token=a' }],
    ['"url" must be', { url: '/tokens' }],
    ['option "tries" must be', { tries: 0 }],
    ['option "deadlineMs" must be', { deadlineMs: 2 ** 31 }],
    ['there is no "retries"', { retries: 3 }],
  ])('in an option is told when the client is made: %s', (message, options) => {
    const make = () => createClient({ url: 'https://api.acme.test', token: 'acme_pat_1', ...options })
    expect(make).toThrow(message)
    expect(make).toThrow(TypeError)
    expect(make).not.toThrow('a-secret')
  })
})

describe('an error', () => {
  const secret = 'acme_pat_0123456789'
  const json = (status: number, body: object) => async () =>
    Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } })
  const header = `Bearer ${secret}`

  it.each<[string, () => Promise<Response>]>([
    ['in a problem', json(400, { code: secret, detail: header, title: secret, facts: [{ [secret]: header }] })],
    ['of an OAuth endpoint', json(400, { error: secret, error_description: header })],
    ['of no problem', async () => new Response(header, { status: 500, headers: { 'content-type': secret } })],
    ['of a page', async () => new Response(header, { headers: { 'content-type': 'text/html' } })],
    ['of an answer to no request', async () => Response.json({ token: { secret: header } })],
    [
      'of the network',
      async () => Promise.reject(Object.assign(new Error(header, { cause: { code: header } }), { header })),
    ],
  ])('holds no secret: %s', async (_, fetch) => {
    const client = createClient({ url: 'https://api.acme.test', token: secret, fetch, tries: 1 })
    const error = (await client.self().catch((error: unknown) => error)) as Error
    expect(error).toMatchObject({ name: 'ClientError' })
    const shown = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), error.stack, String(error)]
    expect(shown.join()).not.toContain(secret)
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain(secret)
  })
})
