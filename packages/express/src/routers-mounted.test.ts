import { cursor, paged, plain } from '@tessera/http'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { openApp } from '../testing/open-app.ts'
import { OWNER } from '../testing/open-tokens.ts'
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
