import { ServerResponse } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { createTokens, preview } from '@tessera/core'
import { plain } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'
import type { RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { caught } from '../testing/caught.ts'
import { openGuarded } from '../testing/open-guarded.ts'
import { CI, OWNER, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import { getAuth } from './auth.ts'
import { authenticate } from './authenticate.ts'
import { requireScopes } from './require-scopes.ts'

const INVALID = 'Bearer error="invalid_token", error_description="The access token is not valid."'
const SEVERAL = { status: 400, json: { code: 'invalid_request' } }

describe('authenticate', () => {
  it('lets a request with an active token through', async () => {
    const { ask, secret } = await openGuarded()
    await expect(ask('GET', '/', { headers: bearer(secret) })).resolves.toMatchObject({
      status: 200,
      json: { owner: OWNER },
    })
  })

  it('takes whatever verifies and permits: that decides which credentials are accepted', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(CI)
    const verify = async (credential: string | undefined) =>
      credential === 'open sesame' ? { ok: true as const, token } : { ok: false as const, reason: 'unknown' as const }
    const app = express()
    const guards = [authenticate({ verify, permits: tokens.permits }), requireScopes('jobs:read')]
    app.use(...guards, (req, res) => void res.json(getAuth(req).id))
    const ask = await serve(app)
    await expect(ask('GET', '/', { headers: bearer('open sesame') })).resolves.toMatchObject({ json: token.id })
    await expect(ask('GET', '/', { headers: bearer('close sesame') })).resolves.toMatchObject({ status: 401 })
  })

  it('goes on in the same turn with a token in memory, and asks a wrapper that replaced verify', async () => {
    const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
    const { secret } = await tokens.issue(CI)
    const headers = bearer(secret)
    const request = () => ({ method: 'GET', url: '/', headers, rawHeaders: ['Authorization', headers.authorization] })
    const gone: string[] = []
    const pass = (guard: RequestHandler, name: string) => {
      void guard(request() as never, new ServerResponse({} as never) as never, () => gone.push(name))
    }
    pass(authenticate(tokens, { scopes: ['jobs:read'], onRefusal: () => {} }), 'in the same turn')
    expect(gone).toEqual(['in the same turn'])
    pass(authenticate({ ...tokens, verify: async () => ({ ok: false, reason: 'unknown' }) }), 'past the wrapper')
    await setImmediate()
    expect(gone).toEqual(['in the same turn'])
  })

  it('answers a request without credentials with 401 and a bare challenge', async () => {
    const { ask } = await openGuarded()
    const answer = await ask('GET', '/')
    expect(answer).toMatchObject({
      status: 401,
      headers: {
        'www-authenticate': 'Bearer realm="api"',
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
      },
    })
    expect(answer.json).toMatchObject({ code: 'unauthenticated', detail: 'A bearer token is required.' })
  })

  it('answers HEAD like GET, without the body', async () => {
    const { ask } = await openGuarded()
    const [head, get] = [await ask('HEAD', '/'), await ask('GET', '/')]
    expect(head).toMatchObject({ status: 401, text: '', headers: { 'www-authenticate': 'Bearer realm="api"' } })
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
  })

  it('refuses a revoked token from the next request on', async () => {
    const { ask, tokens, id, secret } = await openGuarded()
    await tokens.revoke(OWNER, id)
    const answer = await ask('GET', '/', { headers: bearer(secret) })
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': INVALID } })
    expect(answer.json).toMatchObject({ code: 'invalid_token', detail: 'The access token is not valid.' })
  })

  it('takes any case of the scheme and more than one space', async () => {
    const { ask, secret } = await openGuarded()
    for (const authorization of [`bearer ${secret}`, `BEARER    ${secret}`, `  Bearer ${secret}  `])
      await expect(ask('GET', '/', { headers: { authorization } })).resolves.toMatchObject({ status: 200 })
  })

  it('challenges for other schemes as for none', async () => {
    const { ask, secret } = await openGuarded()
    for (const authorization of ['Basic YTpi', `Bearer\t${secret}`, secret, `Token ${secret}`, '']) {
      const answer = await ask('GET', '/', { headers: { authorization } })
      expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer realm="api"' } })
    }
  })

  it('refuses near misses of a real secret, its id and its preview, all with the same bytes', async () => {
    const { ask, id, secret } = await openGuarded()
    const misses = [id, preview(secret), `${secret}x`, secret.slice(1), `${secret},`, `"${secret}"`, '', 'é', '\u0080']
    const answers = []
    for (const miss of [...misses, `${secret}, Bearer ${secret}`])
      answers.push(await ask('GET', '/', { headers: bearer(miss) }))
    for (const { status, headers, text } of answers) {
      expect(status).toBe(401)
      expect(headers['www-authenticate']).toBe(INVALID)
      expect(text).toBe(answers[0]?.text)
    }
  })

  it('refuses two Authorization headers, of which Node shows only one in req.headers', async () => {
    const { ask, secret } = await openGuarded()
    const header = ['Authorization', `Bearer ${secret}`]
    await expect(ask('GET', '/', { headers: [...header, ...header] })).resolves.toMatchObject(SEVERAL)
    const other = ['Authorization', 'Basic YTpi']
    await expect(ask('GET', '/', { headers: [...header, ...other] })).resolves.toMatchObject(SEVERAL)
  })

  it('words errors as the dialect does', async () => {
    const { ask } = await openGuarded({ dialect: plain })
    const { json } = await ask('GET', '/')
    expect(json).toEqual({ error: { code: 'UNAUTHORIZED', message: 'A bearer token is required.', details: {} } })
  })

  it('names the realm', async () => {
    const { ask } = await openGuarded({ realm: 'Acme API' })
    await expect(ask('GET', '/')).resolves.toMatchObject({ headers: { 'www-authenticate': 'Bearer realm="Acme API"' } })
    const bad = await ask('GET', '/', { headers: bearer('x') })
    expect(bad.headers['www-authenticate']).toBe(INVALID.replace('Bearer', 'Bearer realm="Acme API",'))
  })

  it('leads to the metadata of the API, also where a scope is missing (RFC 9728 §5.1)', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue(CI)
    const resourceMetadata = 'https://api.example.com/.well-known/oauth-protected-resource'
    const app = express()
    app.use(authenticate(tokens, { resourceMetadata }), requireScopes('jobs:write'))
    const ask = await serve(app)
    const parameter = `resource_metadata="${resourceMetadata}"`
    await expect(ask('GET', '/')).resolves.toMatchObject({
      headers: { 'www-authenticate': `Bearer realm="api", ${parameter}` },
    })
    const forbidden = await ask('GET', '/', { headers: bearer(secret) })
    expect(forbidden.status).toBe(403)
    expect(forbidden.headers['www-authenticate']).toContain(`scope="jobs:write", ${parameter}`)
  })

  it('puts the token on the request too, under the name that it is given', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(CI)
    const app = express()
    app.use(authenticate(tokens, { requestProperty: 'apiToken' }), (req, res) => {
      res.json(Reflect.get(req, 'apiToken'))
    })
    const { json } = await (await serve(app))('GET', '/', { headers: bearer(secret) })
    expect(json).toEqual(JSON.parse(JSON.stringify(token)))
  })

  it('leaves an error of what comes after it to the app', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue(CI)
    const app = express()
    const { errors, handler } = caught()
    const fault = new Error('a fault')
    app.use(authenticate(tokens), () => {
      throw fault
    })
    app.use(handler)
    await expect((await serve(app))('GET', '/', { headers: bearer(secret) })).resolves.toMatchObject({ status: 500 })
    expect(errors).toEqual([fault])
  })

  it('answers a store failure with 503, without a challenge, and calls onError', async () => {
    const reported: Error[] = []
    const { ask, outage, secret } = await openGuarded({ onError: (error) => void reported.push(error) })
    outage.error = new Error('connection lost')
    const answer = await ask('GET', '/', { headers: bearer(secret) })
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    expect(answer.headers).not.toHaveProperty('www-authenticate')
    expect(answer.text).not.toContain('connection lost')
    expect(reported).toMatchObject([{ code: 'store_unavailable', cause: outage.error }])
  })

  it.each([
    ['dialect', 'plain'],
    ['forwardErrors', 'yes'],
    ['optional', 1],
    ['carriers', ['query']],
    ['carriers', { query: 'yes' }],
    ['requestProperty', ''],
    ['realm', 'a "quoted" one'],
    ['resourceMetadata', '/.well-known/oauth-protected-resource'],
    ['onError', 'log'],
    ['scopes', []],
    ['scopes', undefined],
    ['anyScope', ['jobs read']],
    ['scopeRequired', 'yes'],
    ['scope', 'jobs:read'],
  ])('refuses to be built with a wrong or unknown option and names it: %s', (name, value) => {
    const { tokens } = openTokens()
    const build = () => authenticate(tokens, { [name]: value })
    expect(build).toThrow(TypeError)
    expect(build).toThrow(`"${name}"`)
  })

  it('refuses to be built without tokens', () => {
    expect(() => Reflect.apply(authenticate, undefined, [])).toThrow('authenticate: the first argument must be')
    expect(() => Reflect.apply(authenticate, undefined, [{}])).toThrow(TypeError)
  })
})
