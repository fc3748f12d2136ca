import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import { Problem, cursor, plain } from '@tessera/http'
import { JSON_TYPE, openApp } from '../testing/open-app.ts'
import { requireToken } from './require-token.ts'
import { tokenPlugin } from './token-plugin.ts'

const prefix = '/tokens'
const CD = { name: 'CD', scopes: ['jobs:read'] }

async function connected(app: FastifyInstance): Promise<Socket> {
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  return connect(Number(port), '127.0.0.1').setEncoding('utf8')
}

describe('tokenPlugin', () => {
  it('serves every operation below its prefix', async () => {
    const { app, tokens, ask, id } = await openApp()
    app.register(tokenPlugin, { prefix, tokens, dialect: plain })
    const issued = await ask('POST', prefix, CD)
    expect([issued.statusCode, issued.headers['location']]).toEqual([201, `${prefix}/${issued.json().token.id}`])
    const own = String(issued.headers['location'])
    const statuses = [
      await ask('GET', prefix),
      await ask('GET', `${prefix}/`),
      await ask('HEAD', prefix),
      await ask('GET', `${own}/`),
      await ask('POST', `${own}/suspend`),
      await ask('POST', `${own}/resume`),
      await ask('POST', `${own}/rotate`),
      await ask('DELETE', own),
      await ask('GET', `${prefix}/self`),
    ]
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200, 200, 201, 200, 200])
    expect(statuses.at(-1)?.json()).toMatchObject({ token: { id } })
    const put = await ask('PUT', prefix)
    expect([put.statusCode, put.headers['allow']]).toEqual([405, 'GET, HEAD, POST'])
  })

  it('speaks the standard dialect by default, and gives its problems no charset', async () => {
    const { app, tokens, ask, id } = await openApp()
    app.register(tokenPlugin, { prefix, tokens })
    expect((await ask('GET', prefix)).json()).toMatchObject({ tokens: [{ id, current: true }], usage: { active: 1 } })
    expect((await ask('GET', `${prefix}/usage`)).json()).toEqual({ usage: { active: 1, limit: 25 } })
    const refused = [
      await ask('GET', `${prefix}?createdby=x`),
      await ask('POST', `${prefix}/revoke-all`, { createdBy: 'ada' }),
      await app.inject(prefix),
    ]
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([400, 403, 401])
    for (const { statusCode, headers, json } of refused) {
      expect(headers['content-type']).toBe('application/problem+json')
      expect(json()).toMatchObject({ status: statusCode, code: expect.any(String) })
    }
  })

  it('leaves other paths to the app, whoever asks', async () => {
    const { app, tokens } = await openApp()
    app.setNotFoundHandler(async (_request, reply) => reply.code(404).send('the app'))
    app.register(tokenPlugin, { prefix, tokens, dialect: plain })
    app.get(`${prefix}/mine`, async () => 'mine')
    const paths = [`${prefix}/a/b`, `${prefix}/a/b/c`, `${prefix}//a`, '/tokens-of-mine', '/tokens%2Fa']
    const answers = await Promise.all(paths.map((url) => app.inject(url)))
    expect(answers.map(({ statusCode, body }) => [statusCode, body])).toEqual(paths.map(() => [404, 'the app']))
    expect((await app.inject(`${prefix}/mine`)).body).toBe('mine')
  })

  it('refuses nobody, in the words of the dialect', async () => {
    const { app, tokens } = await openApp()
    app.register(tokenPlugin, { prefix, tokens, dialect: plain, authentication: { realm: 'acme' } })
    const { statusCode, headers, json } = await app.inject(prefix)
    expect([statusCode, headers['www-authenticate']]).toEqual([401, 'Bearer realm="acme"'])
    expect(json()).toEqual({ error: expect.objectContaining({ code: expect.any(String) }) })
  })

  it('has the owner in its prefix', async () => {
    const { app, tokens } = await openApp()
    const [own, other] = [randomUUID(), randomUUID()]
    const { secret } = await tokens.issue({ owner: own, name: 'CI', scopes: [] })
    app.register(tokenPlugin, { prefix: '/organizations/:orgID/api-tokens', tokens, dialect: cursor })
    const list = (org: string) =>
      app.inject({ url: `/organizations/${org}/api-tokens`, headers: { authorization: `Bearer ${secret}` } })
    expect((await list(own)).statusCode).toBe(200)
    expect((await list(other)).statusCode).toBe(404)
  })

  it('takes whoever a hook before it has admitted, and asks for scopes again', async () => {
    const { app, tokens, ask } = await openApp()
    await app.register(async (scope) => {
      scope.addHook('onRequest', requireToken(tokens, { scopes: ['jobs:read'], realm: 'outer' }))
      scope.register(tokenPlugin, { prefix, tokens, dialect: plain })
      const authentication = { scopes: ['admin'] }
      scope.register(tokenPlugin, { prefix: '/admin', tokens, dialect: plain, authentication })
    })
    expect((await ask('GET', prefix)).statusCode).toBe(200)
    expect((await app.inject(prefix)).headers['www-authenticate']).toBe('Bearer realm="outer"')
    expect((await ask('GET', '/admin')).statusCode).toBe(403)
  })

  it('asks a token once more, at its change, for the scopes of every hook before', async () => {
    const { app, tokens, ask, id } = await openApp()
    app.addHook('onRequest', requireToken(tokens, { scopes: ['jobs:read'] }))
    app.addHook('preHandler', async () => void (await tokens.edit('acme', id, { scopes: ['tokens:write'] })))
    app.register(tokenPlugin, { prefix, tokens, dialect: plain, authentication: { realm: 'acme' } })
    expect((await ask('POST', prefix, { name: 'CD', scopes: [] })).statusCode).toBe(403)
  })

  it('serves people, told to sign in without a challenge', async () => {
    const { app, tokens, ask } = await openApp()
    const caller = ({ headers }: FastifyRequest) => {
      if (headers.cookie === 'banned') throw new Problem('forbidden', 'Your account is closed.')
      return headers.cookie === undefined ? null : { owner: 'acme', scopes: ['jobs:read'], createdBy: 'ada' }
    }
    app.register(tokenPlugin, { prefix, tokens, dialect: plain, caller })
    const nobody = await ask('GET', prefix)
    expect([nobody.statusCode, nobody.headers['www-authenticate']]).toEqual([401, undefined])
    const headers = { ...JSON_TYPE, cookie: 's=1' }
    const issued = await app.inject({ method: 'POST', url: prefix, headers, payload: CD })
    expect(issued.statusCode).toBe(201)
    const crossSite = { ...headers, 'sec-fetch-site': 'cross-site' }
    expect((await app.inject({ method: 'POST', url: prefix, headers: crossSite, payload: CD })).statusCode).toBe(403)
    const banned = await app.inject({ url: prefix, headers: { cookie: 'banned' } })
    expect([banned.statusCode, banned.body]).toEqual([403, expect.stringContaining('Your account is closed.')])
  })

  it('reads bodies itself, and words a media type that Fastify refuses', async () => {
    const { app, tokens, ask, bearer, id } = await openApp()
    app.register(tokenPlugin, { prefix, tokens, dialect: plain })
    const post = async (headers: Record<string, string>, payload: string | Buffer) => {
      const answer = await app.inject({ method: 'POST', url: prefix, headers: { ...bearer, ...headers }, payload })
      return [answer.statusCode, answer.headers['accept'], Object.keys(answer.json())]
    }
    const error = ['error']
    expect(await post(JSON_TYPE, '{')).toEqual([400, undefined, error])
    expect(await post({ 'content-type': 'text/plain' }, '{}')).toEqual([415, 'application/json', error])
    expect(await post({ 'content-type': 'nonsense' }, '{}')).toEqual([415, 'application/json', error])
    expect(await post(JSON_TYPE, Buffer.alloc(200_000, 'x'))).toEqual([413, undefined, error])
    expect(await post({ ...JSON_TYPE, 'content-encoding': 'zz' }, '{}')).toEqual([415, undefined, error])
    const headers = { ...bearer, 'transfer-encoding': 'chunked' }
    expect((await app.inject({ method: 'POST', url: `${prefix}/${id}/suspend`, headers })).statusCode).toBe(200)
    expect((await ask('GET', prefix)).statusCode).toBe(401)
  })

  it('answers a body that never ends at the limit', async () => {
    const { app, tokens, secret } = await openApp()
    app.register(tokenPlugin, { prefix, tokens, dialect: plain })
    const socket = await connected(app)
    const head = [`Authorization: Bearer ${secret}`, 'Content-Type: application/json', 'Transfer-Encoding: chunked']
    socket.write(['POST /tokens HTTP/1.1', 'Host: a', ...head, '', ''].join('\r\n'))
    socket.write(`40000\r\n${'x'.repeat(0x40000)}\r\n`) // and no end
    const [answer] = await once(socket, 'data')
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    socket.destroy()
  })

  it('has no media type for a body that is not there, and one length for HEAD', async () => {
    const { app, tokens, secret } = await openApp()
    app.register(tokenPlugin, { prefix, tokens, dialect: plain })
    const socket = await connected(app)
    socket.end(`HEAD /tokens HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${secret}\r\nConnection: close\r\n\r\n`)
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 [^]*content-length: [1-9][^]*\r\n\r\n$/i)
  })

  it.each([
    ['an unknown option', { dialekt: plain }, /^tokenPlugin: .*"dialekt"/],
    ['no dialect', { dialect: 'plain' }, /^tokenPlugin: .*"dialect"/],
    ['no tokens', { tokens: undefined }, /^tokenPlugin: /],
    ['two ways to find the caller', { caller: () => null, authentication: {} }, /^tokenPlugin: give "caller"/],
    [
      'a form, which is not read yet',
      { authentication: { carriers: { form: true } } },
      /^tokenPlugin: option "carriers\.form"/,
    ],
    ['a misplaced option', { authentication: { dialect: plain } }, /^tokenPlugin: option "dialect"/],
    ['a prefix by a regular expression', { prefix: '/:org(^\\d+$)/tokens' }, /^mountAt: /],
  ])('is not registered with %s', async (_title, wrong, message) => {
    const { app, tokens } = await openApp()
    app.register(tokenPlugin, { prefix, tokens, dialect: plain, ...wrong } as never)
    await expect(app.ready()).rejects.toThrow(message)
  })
})
