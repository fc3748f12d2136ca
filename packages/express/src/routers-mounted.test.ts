import { cursor, paged, plain } from '@tessera/http'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { openApp } from '../testing/open-app.ts'
import { CI, OWNER, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import { authenticate } from './authenticate.ts'
import { revocationRouter } from './oauth-routers.ts'
import {
  editRouter,
  issueRouter,
  listRouter,
  revokeRouter,
  rotateRouter,
  suspendRouter,
  tokenRouter,
} from './routers.ts'

const ORGANIZATION = '2f6a1c08-5d3b-4e7f-9a41-7c0d8e5b1a01'
const options = { dialect: plain }

describe('routers mounted one behind the other', () => {
  it.each([
    ['reading first', [listRouter, issueRouter, revokeRouter], 'GET, HEAD, POST', 'GET, HEAD, DELETE'],
    ['writing first', [revokeRouter, issueRouter, listRouter], 'POST, GET, HEAD', 'DELETE, GET, HEAD'],
  ])('serve what each serves, with 405 for all: %s', async (_, routers, onAll, onOne) => {
    const { call, id } = await openApp((app, { tokens }) => {
      app.use('/tokens', authenticate(tokens), ...routers.map((router) => router(tokens, options)))
    })
    await expect(call('GET', '/tokens')).resolves.toMatchObject({ status: 200 })
    await expect(call('POST', '/tokens')).resolves.toMatchObject({ status: 201 })
    await expect(call('GET', `/tokens/${id}`)).resolves.toMatchObject({ status: 200 })
    await expect(call('PUT', '/tokens')).resolves.toMatchObject({ status: 405, headers: { allow: onAll } })
    await expect(call('PUT', `/tokens/${id}`)).resolves.toMatchObject({ status: 405, headers: { allow: onOne } })
    await expect(call('DELETE', `/tokens/${id}`)).resolves.toMatchObject({ status: 200 })
  })

  it('serve the changes of a token too, each in its place', async () => {
    const { call, id } = await openApp((app, { tokens }) => {
      const routers = [suspendRouter, rotateRouter, editRouter, listRouter]
      app.use('/tokens', authenticate(tokens), ...routers.map((router) => router(tokens, options)))
    })
    await expect(call('POST', `/tokens/${id}/resume`)).resolves.toMatchObject({ status: 400 })
    await expect(call('POST', `/tokens/${id}/rotate`)).resolves.toMatchObject({ status: 400 })
    await expect(call('PATCH', `/tokens/${id}`)).resolves.toMatchObject({ status: 415 })
    await expect(call('GET', `/tokens/${id}`)).resolves.toMatchObject({ status: 200 })
    await expect(call('DELETE', `/tokens/${id}`)).resolves.toMatchObject({
      status: 405,
      headers: { allow: 'PATCH, GET, HEAD' },
    })
    await expect(call('PUT', `/tokens/${id}/suspend`)).resolves.toMatchObject({ headers: { allow: 'POST' } })
  })
})

describe('a router of tokens that are also served elsewhere', () => {
  it('names in 405 the methods of its own mount point, from the first request on', async () => {
    const { call, ask, id } = await openApp((app, { tokens }) => {
      const nested = express()
      const router = express.Router()
      router.use('/tokens', authenticate(tokens), listRouter(tokens, options))
      router.use('/tokens', revokeRouter(tokens, options))
      nested.use('/v2/:team', router)
      app.use('/nested', nested)
      app.use('/read', authenticate(tokens), listRouter(tokens, options))
      app.use('/revoke', authenticate(tokens), revokeRouter(tokens, options))
      app.use('/all', authenticate(tokens), tokenRouter(tokens, options))
    })
    const notAllowed = (allow: string) => ({ status: 405, headers: { allow } })
    await expect(call('DELETE', `/read/${id}`)).resolves.toMatchObject(notAllowed('GET, HEAD'))
    await expect(call('PUT', `/read/`)).resolves.toMatchObject(notAllowed('GET, HEAD'))
    await expect(call('GET', `/revoke/${id}`)).resolves.toMatchObject(notAllowed('DELETE'))
    await expect(call('PUT', `/all`)).resolves.toMatchObject(notAllowed('GET, HEAD, POST'))
    await expect(call('PUT', `/nested/v2/a/tokens/${id}`)).resolves.toMatchObject(notAllowed('GET, HEAD, DELETE'))
    await expect(call('DELETE', `/nested/v2/a/tokens/${id}`)).resolves.toMatchObject({ status: 200 })
    await expect(ask('PUT', `/read`)).resolves.toMatchObject({ status: 401 })
  })

  it('leaves what another one serves to that where the app does not say what is mounted', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(CI)
    const chain = [authenticate(tokens), listRouter(tokens, options), revokeRouter(tokens, options)]
    const ask = await serve((req, res) => {
      const bare = Object.assign(req, { baseUrl: '', path: req.url, params: {} }) as never
      const step = (at: number): void => void chain[at]?.(bare, res as never, () => step(at + 1))
      step(0)
    })
    const asked = { headers: bearer(secret) }
    await expect(ask('PUT', `/${token.id}`, asked)).resolves.toMatchObject({ headers: { allow: 'GET, HEAD, DELETE' } })
    await expect(ask('DELETE', `/${token.id}`, asked)).resolves.toMatchObject({ status: 200 })
  })
})

describe('a new token', () => {
  it.each(['', '/tokens', '/organizations/a%20b/tokens'])('has its Location below %j', async (path) => {
    const { call, ask, id, secret } = await openApp((app, { tokens }) => {
      app.use(path.replace('a%20b', ':org') || '/', authenticate(tokens), tokenRouter(tokens, options))
    })
    const { headers, json } = await call('POST', path || '/')
    expect(headers.location).toBe(`${path}/${(json as { token: { id: string } }).token.id}`)
    const rotated = await ask('POST', `${path}/${id}/rotate`, { headers: bearer(secret) })
    expect(rotated.headers.location).toBe(`${path}/${(rotated.json as { token: { id: string } }).token.id}`)
  })
})

describe('a router in a route', () => {
  it('works as it does by app.use', async () => {
    const { call, ask, tokens, secret } = await openApp((app, { tokens }) => {
      app.post('/oauth/revoke', revocationRouter(tokens))
      app.all('/oauth/:kind', (_req, _res, next) => next())
      app.use('/oauth', revocationRouter(tokens))
      app.get('/tokens', authenticate(tokens), listRouter(tokens, options))
      app.post('/tokens', authenticate(tokens), issueRouter(tokens, options))
    })
    await expect(call('GET', '/tokens')).resolves.toMatchObject({ status: 200 })
    const issued = await call('POST', '/tokens')
    expect(issued).toMatchObject({ status: 201, headers: { location: expect.stringMatching(/^\/tokens\/\w/) } })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    await expect(ask('POST', '/oauth/other', { headers, body: `token=${secret}` })).resolves.toMatchObject({
      status: 404,
    })
    await expect(ask('POST', '/oauth/revoke', { headers, body: `token=${secret}` })).resolves.toMatchObject({
      status: 200,
    })
    await expect(tokens.authenticate(secret)).resolves.toBeNull()
  })

  it('is a fault of the app if the route ends with an id: a list would be served for it', async () => {
    const { call, errors } = await openApp((app, { tokens }) => {
      app.get('/tokens/:id', authenticate(tokens), listRouter(tokens, options))
    })
    await expect(call('GET', '/tokens/1')).resolves.toMatchObject({ status: 500 })
    expect(errors).toMatchObject([{ message: 'listRouter: mount it by app.use(), or at a route without an id' }])
  })
})

describe('a router mounted alone', () => {
  it('serves nothing but its own operations', async () => {
    const listing = await openApp((app, { tokens }) => {
      app.use('/tokens', authenticate(tokens), listRouter(tokens, options))
    })
    const notAllowed = (allow: string) => ({ status: 405, headers: { allow } })
    await expect(listing.call('DELETE', `/tokens/${listing.id}`)).resolves.toMatchObject(notAllowed('GET, HEAD'))
    await expect(listing.call('POST', '/tokens')).resolves.toMatchObject(notAllowed('GET, HEAD'))

    const revoking = await openApp((app, { tokens }) => {
      app.use('/tokens', authenticate(tokens), revokeRouter(tokens, options))
    })
    await expect(revoking.call('GET', `/tokens/${revoking.id}`)).resolves.toMatchObject(notAllowed('DELETE'))
    await expect(revoking.call('GET', '/tokens')).resolves.toMatchObject({ text: 'the app' })
  })
})

describe('the path that a router is mounted under', () => {
  it.each(['/', '/tokens', '/api/public/v1/tokens', '/%C3%BC'])('may be %s', async (path) => {
    const { call, id } = await openApp((app, { tokens }) => {
      app.use(path, authenticate(tokens), listRouter(tokens, options))
    })
    for (const at of [path, `${path}?a=b`, `${path}/${id}`.replace('//', '/')])
      await expect(call('GET', at)).resolves.toMatchObject({ status: 200 })
  })

  it('may hold a parameter', async () => {
    const { call } = await openApp((app, { tokens }) => {
      app.use('/organizations/:orgID/api-tokens', authenticate(tokens), tokenRouter(tokens, { dialect: cursor }))
    }, ORGANIZATION)
    await expect(call('GET', `/organizations/${ORGANIZATION.toUpperCase()}/api-tokens`)).resolves.toMatchObject({
      status: 200,
      json: { items: [{ org_id: ORGANIZATION }] },
    })
    await expect(call('GET', '/organizations/acme/api-tokens?limit=0')).resolves.toMatchObject({
      status: 400,
      json: { error: { details: [{ field: 'orgID' }] } },
    })
  })

  it('may be of a router of the app, which hands its parameters on with mergeParams', async () => {
    const { call } = await openApp((app, { tokens }) => {
      const router = express.Router({ mergeParams: true })
      router.use('/api-tokens', authenticate(tokens), listRouter(tokens, { dialect: cursor }))
      app.use('/organizations/:orgID', router)
    }, ORGANIZATION)
    await expect(call('GET', `/organizations/${ORGANIZATION}/api-tokens`)).resolves.toMatchObject({ status: 200 })
  })
})

describe('the query of a request', () => {
  it.each(['simple', 'extended'])('is read as it came, also where the app has the query parser %s', async (parser) => {
    const { call } = await openApp((app, { tokens }) => {
      app.set('query parser', parser)
      app.use(listRouter(tokens, { dialect: paged, caller: () => ({ owner: OWNER, scopes: null }) }))
    })
    await expect(call('GET', '/?per_page=7&per_page[]=0')).resolves.toMatchObject({ json: { meta: { per_page: 7 } } })
    await expect(call('GET', '/?page=1&page=1')).resolves.toMatchObject({
      status: 400,
      json: { error: { field: 'page' } },
    })
    await expect(call('GET', '/?__proto__[page]=0')).resolves.toMatchObject({ status: 200 })
    await expect(call('GET', '/?name=%zz&name[]=%ff')).resolves.toMatchObject({ json: { meta: { total: 0 } } })
  })
})
