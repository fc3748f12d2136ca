import { cursor, paged, plain } from '@tessera/http'
import type { Caller } from '@tessera/http'
import { describe, expect, it } from 'vitest'
import { ORIGIN, openTokens } from '../testing/open-tokens.ts'
import type { Opened } from '../testing/open-tokens.ts'
import { tokenHandler } from './token-handler.ts'

const PERSON: Caller = { owner: 'acme', scopes: ['jobs:read'] }
const JSON_TYPE = { 'content-type': 'application/json' }
const CD = JSON.stringify({ name: 'CD', scopes: ['jobs:read'] })

function posted({ secret, request }: Opened, body: NonNullable<RequestInit['body']>, headers = {}): Request {
  const init = { method: 'POST', headers: { authorization: `Bearer ${secret}`, ...JSON_TYPE, ...headers }, body }
  return request('/api/tokens', { ...init, duplex: 'half' })
}

describe('tokenHandler', () => {
  it('lists, issues, shows, rotates and revokes below its path', async () => {
    const opened = await openTokens()
    const handle = tokenHandler(opened.tokens, { basePath: '/api/tokens', dialect: plain })
    const issued = await handle(posted(opened, CD))
    const { token, secret } = (await issued.json()) as { token: { id: string }; secret: string }
    expect(issued.status).toBe(201)
    expect(issued.headers.get('location')).toBe(`/api/tokens/${token.id}`)
    const call = async (method: string, path = '', headers = {}) =>
      (
        await handle(
          opened.request(`/api/tokens${path}`, { method, headers: { authorization: `Bearer ${secret}`, ...headers } }),
        )
      ).json()
    expect(await call('GET')).toMatchObject({ tokens: [{ name: 'CD' }, { name: 'CI' }] })
    expect(await call('GET', '/self')).toMatchObject({ token: { id: token.id } })
    expect(await call('POST', `/${token.id}/rotate`)).toMatchObject({ token: { name: 'CD' } })
    expect(await call('DELETE', `/${opened.id}`)).toMatchObject({ token: { status: 'revoked' } })
  })

  it('speaks the standard dialect by default, also for what is not there', async () => {
    const { tokens, request, id } = await openTokens()
    const handle = tokenHandler(tokens)
    expect(await (await handle(request('/'))).json()).toMatchObject({ tokens: [{ id, current: true }], next: null })
    expect(await (await handle(request('/usage'))).json()).toEqual({ usage: { active: 1, limit: 25 } })
    const refused = await Promise.all(
      [request('/?createdby=x'), request('/a/b/c'), request('/', { method: 'PUT' }), new Request(ORIGIN)].map((each) =>
        handle(each),
      ),
    )
    expect(refused.map(({ status }) => status)).toEqual([400, 404, 405, 401])
    for (const response of refused) {
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(await response.json()).toMatchObject({ type: 'about:blank', status: response.status })
    }
  })

  it.each(['/', '/api', '/api/tokensx', '/api/tokens/a/b/c'])(
    'answers %s as not found, in the words of the API',
    async (path) => {
      const { tokens, request } = await openTokens()
      const response = await tokenHandler(tokens, { basePath: '/api/tokens', dialect: paged })(request(path))
      expect([response.status, await response.json()]).toEqual([
        404,
        { error: { code: 'not_found', message: 'There is nothing here.' } },
      ])
    },
  )

  it('answers another method with those there are, and nobody with a challenge', async () => {
    const { tokens, request } = await openTokens()
    const handle = tokenHandler(tokens, { dialect: plain, authentication: { realm: 'acme' } })
    const put = await handle(request('/', { method: 'PUT' }))
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    const nobody = await handle(new Request(ORIGIN))
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="acme"'])
  })

  it('asks the app for the person, in place of tokens', async () => {
    const { tokens, request } = await openTokens()
    const caller = (_: Request, person: Caller | null) => person
    const handle = tokenHandler(tokens, { dialect: plain, caller })
    expect((await handle(new Request(ORIGIN), PERSON)).status).toBe(200)
    const nobody = await handle(request('/'), null)
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, null])
    const headers = { 'sec-fetch-site': 'cross-site', ...JSON_TYPE }
    expect((await handle(new Request(ORIGIN, { method: 'POST', headers, body: CD }), PERSON)).status).toBe(403)
  })

  it('takes tokens and people, if its authentication does', async () => {
    const { tokens, request } = await openTokens()
    const handle = tokenHandler(tokens, { dialect: plain, authentication: { caller: () => PERSON } })
    const statuses = [
      request('/'),
      new Request(ORIGIN),
      new Request(ORIGIN, { headers: { authorization: 'Bearer x' } }),
    ]
    expect(await Promise.all(statuses.map(async (each) => (await handle(each)).status))).toEqual([200, 200, 401])
  })

  it('reads the owner in the path for a dialect that has it there', async () => {
    const owner = '2f6a1c08-5d3b-4e7f-9a41-7c0d8e5b1a01'
    const { tokens } = await openTokens()
    const handle = tokenHandler(tokens, {
      basePath: '/orgs/:orgID/api-tokens',
      dialect: cursor,
      caller: () => ({ owner, scopes: null }),
    })
    const statusOf = async (org: string) => (await handle(new Request(`${ORIGIN}/orgs/${org}/api-tokens`))).status
    expect(await Promise.all([statusOf(owner), statusOf(owner.replace('2', '3'))])).toEqual([200, 404])
  })

  it('reads no more than the limit of a body that never ends, and stops its source', async () => {
    const opened = await openTokens()
    const handle = tokenHandler(opened.tokens, { basePath: '/api/tokens', dialect: plain })
    let given = 0
    let isStopped = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        given += 10_000
        controller.enqueue(new Uint8Array(10_000))
      },
      cancel: () => void (isStopped = true),
    })
    expect((await handle(posted(opened, endless))).status).toBe(413)
    expect([given < 200_000, isStopped]).toEqual([true, true])
  })

  it('undoes a coding, refuses an unknown one, and takes no body that the app has read', async () => {
    const opened = await openTokens()
    const handle = tokenHandler(opened.tokens, { basePath: '/api/tokens', dialect: plain })
    const packed = new Response(new Blob([CD]).stream().pipeThrough(new CompressionStream('gzip')))
    const gzip = posted(opened, await packed.arrayBuffer(), { 'content-encoding': 'gzip' })
    expect((await handle(gzip)).status).toBe(201)
    expect((await handle(posted(opened, CD, { 'content-encoding': 'zz' }))).status).toBe(415)
    const read = posted(opened, CD)
    await read.text()
    await expect(handle(read)).rejects.toThrow('the body was read before')
  })

  it('says why a person was refused, and from where a token was issued', async () => {
    const { tokens, events } = await openTokens()
    const told: unknown[] = []
    const handle = tokenHandler(tokens, {
      dialect: plain,
      caller: ({ headers }) => headers.has('cookie') && PERSON,
      clientAddress: () => '192.0.2.7',
      onRefusal: ({ method }, { reason }) => void told.push([method, reason]),
    })
    await handle(new Request(ORIGIN))
    await handle(new Request(ORIGIN, { method: 'POST', headers: { cookie: 'a=b', ...JSON_TYPE }, body: CD }))
    expect(told).toEqual([['GET', 'missing']])
    expect((await events()).at(-1)).toMatchObject({ type: 'issued', ip: '192.0.2.7' })
  })

  it.each([
    ['dialect', { dialect: 'plain' }],
    ['basePath', { dialect: plain, basePath: 'tokens' }],
    ['caller', { dialect: plain, caller: PERSON }],
    ['caller', { dialect: plain, caller: () => PERSON, authentication: {} }],
    ['authentication', { dialect: plain, authentication: true }],
    ['scope', { dialect: plain, authentication: { scope: ['jobs:read'] } }],
    ['dialect', { dialect: plain, authentication: { dialect: plain } }],
    ['mayOutlive', { dialect: plain, mayOutlive: 1 }],
    ['onRefusal', { dialect: plain, onRefusal: 1 }],
  ])('names the wrong option %s when it is built', async (name, options) => {
    const { tokens } = await openTokens()
    expect(() => tokenHandler(tokens, options as never)).toThrow(new RegExp(`^tokenHandler: .*"${name}"`))
  })
})
