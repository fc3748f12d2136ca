import { paged, plain } from '@tessera/http'
import { describe, expect, it } from 'vitest'
import { JSON_TYPE, openApp } from '../testing/open-app.ts'
import { OWNER, bearer, openTokens } from '../testing/open-tokens.ts'
import { authenticate } from './authenticate.ts'
import {
  editRouter,
  issueRouter,
  listRouter,
  revokeRouter,
  rotateRouter,
  suspendRouter,
  tokenRouter,
} from './routers.ts'

const options = { dialect: plain }
const mounted = () =>
  openApp((app, { tokens }) => void app.use('/tokens', authenticate(tokens), tokenRouter(tokens, options)))

describe('tokenRouter', () => {
  it('issues, lists, shows and revokes', async () => {
    const { call, id, tokens } = await mounted()
    const issued = await call('POST', '/tokens')
    expect(issued).toMatchObject({ status: 201, json: { token: { name: 'CD' } } })
    const { secret, token } = issued.json as { secret: string; token: { id: string } }
    await expect(call('GET', '/tokens')).resolves.toMatchObject({ json: { tokens: [{}, {}] } })
    await expect(call('GET', `/tokens/${id}`)).resolves.toMatchObject({ json: { token: { id } } })
    await expect(call('DELETE', `/tokens/${token.id}`)).resolves.toMatchObject({
      status: 200,
      json: { token: { status: 'revoked' } },
    })
    await expect(tokens.verify(secret)).resolves.toEqual({ ok: false, reason: 'revoked' })
  })

  it('speaks the standard dialect by default, alone and in parts', async () => {
    for (const routers of [[tokenRouter], [issueRouter, listRouter, editRouter, revokeRouter]]) {
      const { ask, tokens } = await openApp((app, opened) => {
        app.use('/tokens', authenticate(opened.tokens), ...routers.map((each) => each(opened.tokens)))
      })
      const scopes = ['tokens:read', 'tokens:write']
      const { secret, token } = await tokens.issue({ owner: OWNER, name: 'CD', scopes })
      const headers = { ...bearer(secret), ...JSON_TYPE }
      const usage = { active: 2, limit: 25 }
      expect(await ask('GET', '/tokens?limit=1', { headers })).toMatchObject({ json: { tokens: [{}], usage } })
      expect(await ask('GET', '/tokens/usage', { headers })).toMatchObject({ status: 200, json: { usage } })
      expect(await ask('GET', '/tokens/self', { headers })).toMatchObject({ json: { token: { id: token.id } } })
      expect(await ask('GET', '/tokens?createdby=x', { headers })).toMatchObject({
        status: 400,
        headers: { 'content-type': 'application/problem+json' },
        json: { status: 400, errors: [{ parameter: 'createdby' }] },
      })
      const bulk = await ask('POST', '/tokens/revoke-all', { headers, body: '{"createdBy":"ada"}' })
      expect(bulk).toMatchObject({ status: 403, json: { scopes: ['tokens:revoke-all'] } })
      for (const [path, allow] of [
        ['usage', 'GET, HEAD'],
        ['revoke-all', 'POST'],
      ] as const)
        expect(await ask('PUT', `/tokens/${path}`, { headers })).toMatchObject({ status: 405, headers: { allow } })
    }
  })

  it('edits, suspends, resumes and rotates', async () => {
    const { ask, id, secret, tokens } = await mounted()
    const { token } = await tokens.issue({ owner: OWNER, name: 'CD', scopes: ['jobs:read'] })
    const headers = { ...bearer(secret), ...JSON_TYPE }
    const edited = await ask('PATCH', `/tokens/${token.id}`, { headers, body: '{"name":"CD of acme"}' })
    expect(edited).toMatchObject({ status: 200, json: { token: { name: 'CD of acme' } } })
    for (const [action, status] of [
      ['suspend', 'suspended'],
      ['resume', 'active'],
    ]) {
      const changed = await ask('POST', `/tokens/${token.id}/${action}`, { headers: bearer(secret) })
      expect(changed).toMatchObject({ status: 200, json: { token: { status } } })
    }
    const rotated = await ask('POST', `/tokens/${id}/rotate`, { headers, body: '{"overlapSeconds":0}' })
    expect(rotated).toMatchObject({ status: 201, json: { token: { name: 'CI' } } })
    await expect(tokens.verify(secret)).resolves.toEqual({ ok: false, reason: 'revoked' })
    await expect(tokens.verify((rotated.json as { secret: string }).secret)).resolves.toMatchObject({ ok: true })
  })

  it('challenges as the authenticate before it does', async () => {
    const resourceMetadata = 'https://api.acme.test/.well-known/oauth-protected-resource'
    const { call, ask } = await openApp((app, { tokens }) => {
      const signedIn = authenticate(tokens, { optional: true, realm: 'Acme', resourceMetadata })
      app.use('/tokens', signedIn, tokenRouter(tokens, { dialect: paged }))
    })
    const challenge = `realm="Acme", resource_metadata="${resourceMetadata}"`
    await expect(ask('GET', '/tokens')).resolves.toMatchObject({
      status: 401,
      headers: { 'www-authenticate': `Bearer ${challenge}` },
    })
    const { headers } = await call('GET', '/tokens')
    expect(headers['www-authenticate']).toMatch(
      /^Bearer realm="Acme", error="insufficient_scope", .*scope="tokens:read"/,
    )
    expect(headers['www-authenticate']).toContain(`resource_metadata="${resourceMetadata}"`)
  })

  it('answers with JSON of a known length that no cache may keep', async () => {
    const { call } = await mounted()
    const { headers, text } = await call('GET', '/tokens')
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'content-length': String(Buffer.byteLength(text)),
    })
  })

  it('answers HEAD like GET, without the body', async () => {
    const { call, id } = await mounted()
    for (const path of ['/tokens', `/tokens/${id}`]) {
      const [head, get] = [await call('HEAD', path), await call('GET', path)]
      expect(head).toMatchObject({ status: 200, text: '' })
      expect(head.headers['content-length']).toBe(get.headers['content-length'])
    }
  })

  it('answers a wrong method with 405 and the methods that there are', async () => {
    const { call, id } = await mounted()
    await expect(call('PUT', '/tokens')).resolves.toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST' } })
    await expect(call('PUT', `/tokens/${id}`)).resolves.toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, DELETE, PATCH' },
    })
    for (const action of ['rotate', 'suspend', 'resume'])
      await expect(call('GET', `/tokens/${id}/${action}`)).resolves.toMatchObject({
        status: 405,
        headers: { allow: 'POST' },
      })
  })

  it('takes a trailing slash, and leaves deeper paths to the app', async () => {
    const { call, id } = await mounted()
    await expect(call('GET', '/tokens/')).resolves.toMatchObject({ status: 200 })
    await expect(call('GET', `/tokens/${id}/`)).resolves.toMatchObject({ status: 200 })
    await expect(call('GET', `/tokens/${id}/uses`)).resolves.toMatchObject({ status: 404, text: 'the app' })
    await expect(call('DELETE', '/other')).resolves.toMatchObject({ text: 'the app' })
  })

  it('takes nothing for an id that has not the shape of one, and does not repeat it', async () => {
    const { call, secret, tokens } = await mounted()
    for (const wrong of [secret, '__proto__', '%00', '%E0', '..%2f..', 'a'.repeat(5000)]) {
      const { status, text } = await call('DELETE', `/tokens/${wrong}`)
      expect(status).toBe(404)
      expect(text).not.toContain(wrong)
    }
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: true })
  })

  it('leaves it to authenticate to answer first', async () => {
    const { ask } = await mounted()
    const challenged = { status: 401, headers: { 'www-authenticate': 'Bearer realm="api"' } }
    for (const [method, path] of [
      ['PUT', '/tokens'],
      ['DELETE', '/tokens/unknown'],
    ] as const)
      await expect(ask(method, path)).resolves.toMatchObject(challenged)
  })

  it('asks a token for the scopes of its options, and a person for none', async () => {
    const scopes = { read: ['jobs:read'], write: ['tokens:write'] }
    const { call } = await openApp((app, { tokens }) => {
      app.use('/tokens', authenticate(tokens), tokenRouter(tokens, { ...options, scopes }))
      const caller = () => ({ owner: OWNER, scopes: null })
      app.use('/mine', tokenRouter(tokens, { ...options, scopes, caller }))
    })
    await expect(call('GET', '/tokens')).resolves.toMatchObject({ status: 200 })
    await expect(call('POST', '/tokens')).resolves.toMatchObject({
      status: 403,
      headers: { 'www-authenticate': expect.stringContaining('scope="tokens:write"') },
    })
    await expect(call('POST', '/mine')).resolves.toMatchObject({ status: 201 })
  })

  it('names to the app’s author what is missing, if authenticate is not mounted before it', async () => {
    const { call, errors } = await openApp((app, { tokens }) => void app.use('/tokens', tokenRouter(tokens, options)))
    await expect(call('GET', '/tokens')).resolves.toMatchObject({ status: 500 })
    expect(errors).toMatchObject([{ message: 'tokenRouter: mount authenticate() before it' }])
  })

  it('challenges a caller whom an optional authenticate let through as nobody', async () => {
    const { ask } = await openApp((app, { tokens }) => {
      app.use('/tokens', authenticate(tokens, { optional: true }), tokenRouter(tokens, options))
    })
    await expect(ask('GET', '/tokens')).resolves.toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="api"' },
      json: { error: { code: 'UNAUTHORIZED' } },
    })
  })

  it('answers a store failure with 503 and calls onError', async () => {
    const reported: Error[] = []
    const { call, outage } = await openApp((app, { tokens }) => {
      const caller = () => ({ owner: OWNER, scopes: null })
      app.use('/tokens', tokenRouter(tokens, { ...options, caller, onError: (error) => void reported.push(error) }))
    })
    outage.error = new Error('connection lost')
    await expect(call('GET', '/tokens')).resolves.toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    expect(reported).toMatchObject([{ code: 'store_unavailable' }])
  })

  it('hands a fault in the program to the app, where no rejection stays unhandled', async () => {
    const fault = new TypeError('a fault')
    const writePage = () => {
      throw fault
    }
    const { call, errors } = await openApp((app, { tokens }) => {
      app.use('/tokens', authenticate(tokens), tokenRouter(tokens, { dialect: { ...plain, writePage } }))
    })
    await expect(call('GET', '/tokens')).resolves.toMatchObject({ status: 500 })
    expect(errors).toEqual([fault])
  })
})

describe.each([
  ['listRouter', listRouter],
  ['issueRouter', issueRouter],
  ['revokeRouter', revokeRouter],
  ['editRouter', editRouter],
  ['rotateRouter', rotateRouter],
  ['suspendRouter', suspendRouter],
  ['tokenRouter', tokenRouter],
])('%s', (name, factory) => {
  const { tokens } = openTokens()
  const build =
    (...args: unknown[]) =>
    () =>
      Reflect.apply(factory, undefined, args)

  it('refuses to be built without tokens, or with no options for options', () => {
    expect(build()).toThrow(`${name}: the first argument must be what createTokens() returns`)
    expect(build(tokens, null)).toThrow(`${name}: options must be an object`)
    expect(build(tokens, null)).toThrow(TypeError)
  })

  it.each([
    [{ dialect: 'plain' }, 'dialect'],
    [{ dialect: plain, caller: 'ada' }, 'caller'],
    [{ dialect: plain, onError: true }, 'onError'],
    [{ dialect: plain, mayOutlive: 1 }, 'mayOutlive'],
    [{ dialect: plain, scopes: ['tokens:read'] }, 'scopes'],
    [{ dialect: plain, scopes: { read: [] } }, 'scopes'],
    [{ dialect: plain, realm: 'Acme' }, 'realm'],
  ])('refuses to be built with %j and names %s', (wrong, option) => {
    expect(build(tokens, wrong)).toThrow(TypeError)
    expect(build(tokens, wrong)).toThrow(`"${option}"`)
  })
})
