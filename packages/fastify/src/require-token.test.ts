import { once } from 'node:events'
import { connect } from 'node:net'
import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { plain } from '@tessera/http'
import type { FastifyRequest } from 'fastify'
import { openApp } from '../testing/open-app.ts'
import { findAuth, findCaller, getAuth } from './auth.ts'
import { requireToken } from './require-token.ts'

const anybody = (request: FastifyRequest) => ({
  token: findAuth(request)?.name ?? null,
  caller: findCaller(request)?.createdBy ?? null,
})

describe('requireToken', () => {
  it('admits a token with the scopes, and refuses others with a challenge', async () => {
    const { app, tokens, ask } = await openApp()
    const whose = async (request: FastifyRequest) => getAuth(request).owner
    app.get('/jobs', { onRequest: requireToken(tokens, { scopes: ['jobs:read'] }) }, whose)
    app.get('/admin', { onRequest: requireToken(tokens, { scopes: ['admin'], dialect: plain }) }, whose)

    expect((await ask('GET', '/jobs')).body).toBe('acme')
    const refused = await ask('GET', '/admin')
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([
      403,
      expect.stringContaining('error="insufficient_scope"'),
    ])
    const nobody = await app.inject('/jobs')
    expect(nobody.statusCode).toBe(401)
    expect(nobody.headers).toMatchObject({ 'www-authenticate': 'Bearer realm="api"', 'cache-control': 'no-store' })
  })

  it('calls done in the same turn for a token in memory, and gives a promise to whoever has no done', async () => {
    const { app } = await openApp()
    const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [] })
    const hook = requireToken(tokens)
    const seen: string[] = []
    app.addHook('onRequest', (request, reply, done) => {
      const later = hook(request, reply, () => void seen.push('done'))
      expect([later, ...seen]).toEqual([undefined, 'done'])
      done()
    })
    app.addHook('onRequest', async (request, reply) => expect(await hook(request, reply)).toBeUndefined())
    app.get('/jobs', anybody)
    const answer = await app.inject({ url: '/jobs', headers: { authorization: `Bearer ${secret}` } })
    expect(answer.json()).toMatchObject({ token: 'CI' })
  })

  it('lets no refused request go on whose client is gone before the answer', async () => {
    const { app, tokens } = await openApp()
    const called: string[] = []
    const gone = new Promise<void>((resolve) => {
      app.addHook('onSend', async ({ raw }) => {
        client.destroy()
        await once(raw.socket, 'close')
        setTimeout(resolve, 20)
      })
    })
    app.get('/jobs', { onRequest: requireToken(tokens) }, async () => called.push('/jobs'))
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
    const client = connect(Number(port), '127.0.0.1')
    client.write('GET /jobs HTTP/1.1\r\nHost: a\r\n\r\n')
    await gone
    expect(called).toEqual([])
  })

  it('refuses two tokens with 400', async () => {
    const { app, tokens, bearer } = await openApp()
    app.get('/jobs', { onRequest: requireToken(tokens) }, anybody)
    const two = { authorization: [bearer.authorization, bearer.authorization] }
    expect((await app.inject({ url: '/jobs', headers: two as never })).statusCode).toBe(400)
  })

  it('takes the headers that a hook before it has set', async () => {
    const { app, tokens, bearer } = await openApp()
    app.addHook('onRequest', async (request) => {
      if (request.headers['x-key'] === undefined) delete request.raw.headers.authorization
      else request.headers = bearer
    })
    app.get('/jobs', { onRequest: requireToken(tokens) }, anybody)
    expect((await app.inject({ url: '/jobs', headers: { 'x-key': '1' } })).statusCode).toBe(200)
    expect((await app.inject({ url: '/jobs', headers: bearer })).statusCode).toBe(401)
  })

  it('sets headers beside those of the app: links and challenges have both', async () => {
    const { app, tokens } = await openApp()
    const expiresAt = new Date(Date.now() + 60_000)
    const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: [], expiresAt })
    const link = 'https://acme.test/end'
    const own = { link: '</a>; rel="next"', sunset: 'never', 'www-authenticate': 'Basic' }
    app.addHook('onRequest', async (_request, reply) => void reply.headers(own))
    app.get('/jobs', { onRequest: requireToken(tokens, { endNotice: { withinMs: 120_000, link } }) }, anybody)
    const { headers } = await app.inject({ url: '/jobs', headers: { authorization: `Bearer ${secret}` } })
    expect(headers).toMatchObject({
      ...own,
      link: `</a>; rel="next", <${link}>; rel="deprecation", <${link}>; rel="sunset"`,
      deprecation: expect.stringMatching(/^@/),
    })
    expect((await app.inject('/jobs')).headers).toMatchObject({ 'www-authenticate': 'Basic, Bearer realm="api"' })
  })

  it('admits people as well, but none behind a bad token', async () => {
    const { app, tokens, bearer } = await openApp()
    const caller = ({ headers }: FastifyRequest) =>
      headers.cookie === undefined ? null : { owner: 'acme', scopes: ['jobs:read'], createdBy: 'ada' }
    app.get('/jobs', { onRequest: requireToken(tokens, { caller, scopes: ['jobs:read'] }) }, anybody)
    app.get('/admin', { onRequest: requireToken(tokens, { caller, scopes: ['admin'] }) }, anybody)
    const ada = { cookie: 's=1' }

    expect((await app.inject({ url: '/jobs', headers: ada })).json()).toEqual({ token: null, caller: 'ada' })
    expect((await app.inject({ url: '/jobs', headers: { ...ada, ...bearer } })).json()).toMatchObject({ token: 'CI' })
    expect((await app.inject({ url: '/jobs', headers: { ...ada, authorization: 'Bearer no' } })).statusCode).toBe(401)
    expect((await app.inject({ url: '/admin', headers: ada })).statusCode).toBe(403)
  })

  it('admits nobody in particular if it is optional', async () => {
    const { app, tokens } = await openApp()
    app.get('/jobs', { onRequest: requireToken(tokens, { optional: true }) }, anybody)
    app.get('/mine', { onRequest: requireToken(tokens, { optional: true }) }, async (request) => getAuth(request).owner)
    expect((await app.inject('/jobs')).json()).toEqual({ token: null, caller: null })
    expect((await app.inject({ url: '/jobs', headers: { authorization: 'Bearer no' } })).statusCode).toBe(401)
    expect((await app.inject('/mine')).statusCode).toBe(500)
  })

  it("hands errors to the app's handler with forwardErrors", async () => {
    const { app, tokens, errors } = await openApp()
    app.get('/jobs', { onRequest: requireToken(tokens, { forwardErrors: true }) }, anybody)
    expect((await app.inject('/jobs')).json()).toEqual({ caught: expect.stringContaining('Problem') })
    expect(errors).toEqual([expect.objectContaining({ status: 401, code: 'unauthenticated' })])
  })

  it('answers a store failure with 503, and a fault of the app by its handler', async () => {
    const { app, tokens, outage, ask, errors } = await openApp()
    const told: Error[] = []
    const onError = (error: Error) => void told.push(error)
    app.get('/jobs', { onRequest: requireToken(tokens, { onError }) }, anybody)
    app.get('/fault', { onRequest: requireToken(tokens, { caller: () => Promise.reject(new Error('oops')) }) }, anybody)
    outage.error = new Error('down')
    const down = await ask('GET', '/jobs')
    expect([down.statusCode, down.headers['www-authenticate'], told.length]).toEqual([503, undefined, 1])
    expect((await app.inject('/fault')).statusCode).toBe(500)
    expect(errors).toEqual([expect.objectContaining({ message: 'oops' })])
  })

  it('takes a token from a parsed form only, as preHandler', async () => {
    const { app, tokens, secret, errors } = await openApp()
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    const withForm = requireToken(tokens, { carriers: { form: true } })
    app.post('/jobs', { preHandler: withForm }, anybody)
    app.post('/early', { onRequest: withForm }, anybody)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const payload = `access_token=${secret}`
    expect((await app.inject({ method: 'POST', url: '/jobs', headers, payload })).json()).toMatchObject({ token: 'CI' })
    expect((await app.inject({ method: 'POST', url: '/early', headers, payload })).statusCode).toBe(500)
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('carriers.form') })])
    const empty = await app.inject({ method: 'POST', url: '/jobs', headers: { ...headers, 'content-length': '0' } })
    expect(empty.statusCode).toBe(401)
  })

  it('finds a token in a form that was left as text, and lets none pass as a stream', async () => {
    const { app, tokens, secret } = await openApp()
    const ada = () => ({ owner: 'ada', scopes: null })
    const preHandler = requireToken(tokens, { carriers: { form: true }, caller: ada })
    const type = 'application/x-www-form-urlencoded'
    app.register(async (scope) => {
      scope.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => done(null, body))
      scope.post('/text', { preHandler }, anybody)
    })
    app.register(async (scope) => {
      scope.addContentTypeParser(type, (_request, body, done) => done(null, body))
      scope.post('/stream', { preHandler }, anybody)
    })
    const asked = { method: 'POST', headers: { 'content-type': type }, payload: `access_token=${secret}` } as const
    expect((await app.inject({ ...asked, url: '/text' })).json()).toMatchObject({ token: 'CI' })
    expect((await app.inject({ ...asked, url: '/stream' })).statusCode).toBe(500)
  })

  it('says where a refused request came from', async () => {
    const { app, tokens, ask, events } = await openApp()
    const told: unknown[] = []
    const onRefusal = (request: FastifyRequest, { reason }: { reason: string }) => void told.push([request.url, reason])
    const hook = requireToken(tokens, { scopes: ['admin'], clientAddress: ({ ip }) => ip, onRefusal })
    app.get('/jobs', { onRequest: hook }, anybody)
    await ask('GET', '/jobs')
    expect(told).toEqual([['/jobs', 'insufficient_scope']])
    expect(await events()).toContainEqual(expect.objectContaining({ ip: '127.0.0.1', requestId: expect.any(String) }))
  })

  it('marks an answer to a token in the query as private', async () => {
    const { app, tokens, secret } = await openApp()
    app.get('/jobs', { onRequest: requireToken(tokens, { carriers: { query: true } }) }, anybody)
    const { statusCode, headers } = await app.inject(`/jobs?access_token=${secret}`)
    expect([statusCode, headers['cache-control']]).toEqual([200, 'private'])
  })

  it('fits routes of any type', async () => {
    const { app, tokens, ask } = await openApp()
    app.get<{ Params: { id: string }; Querystring: { all?: string } }>(
      '/jobs/:id',
      { onRequest: requireToken(tokens) },
      async (request) => `${request.params.id} of ${getAuth(request).owner}`,
    )
    expect((await ask('GET', '/jobs/7')).body).toBe('7 of acme')
  })

  it('refuses unknown and wrong options by name', async () => {
    const { tokens } = await openApp()
    expect(() => requireToken(tokens, { scope: ['a'] } as never)).toThrow(/^requireToken: .*"scope"/)
    expect(() => requireToken(tokens, { caller: {} as never })).toThrow(/^requireToken: .*"caller"/)
    expect(() => requireToken({} as never)).toThrow(TypeError)
  })
})
