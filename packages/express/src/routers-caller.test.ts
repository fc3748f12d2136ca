import { Problem, paged, plain } from '@tessera/http'
import type { Caller } from '@tessera/http'
import type { RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { CD, JSON_TYPE, openApp } from '../testing/open-app.ts'
import type { OpenApp } from '../testing/open-app.ts'
import { OWNER, bearer } from '../testing/open-tokens.ts'
import { getAuth } from './auth.ts'
import { authenticate } from './authenticate.ts'
import { tokenRouter } from './routers.ts'
import type { RouterOptions } from './routers.ts'

const person: Caller = { owner: OWNER, scopes: null, createdBy: 'ada@acme.test' }
const behind = (caller: NonNullable<RouterOptions['caller']>): Promise<OpenApp> =>
  openApp((app, { tokens }) => void app.use('/tokens', tokenRouter(tokens, { dialect: paged, caller })))

describe('the caller of a router', () => {
  it('may be somebody whom the app has signed in, whatever scopes the dialect asks for', async () => {
    const { ask } = await behind(() => person)
    const issued = await ask('POST', '/tokens', { headers: JSON_TYPE, body: CD })
    expect(issued).toMatchObject({ status: 201, json: { data: { created_by: 'ada@acme.test' } } })
    await expect(ask('GET', '/tokens')).resolves.toMatchObject({ status: 200, json: { meta: { total: 2 } } })
  })

  it('is found from the request, which may take time', async () => {
    const { ask } = await behind(async (req) => {
      await Promise.resolve()
      return req.get('x-user') === undefined ? null : { owner: OWNER, scopes: ['tokens:read'] }
    })
    const headers = { 'x-user': 'ada' }
    await expect(ask('GET', '/tokens', { headers })).resolves.toMatchObject({ status: 200 })
    await expect(ask('POST', '/tokens', { headers })).resolves.toMatchObject({ status: 403 })
    await expect(ask('GET', '/tokens')).resolves.toMatchObject({ status: 401 })
  })

  it('hands out no scope beyond the rights of the person, and every one if these are null', async () => {
    const mint = async (scopes: readonly string[] | null) => {
      const { ask } = await openApp((app, { tokens }) => {
        app.use('/tokens', tokenRouter(tokens, { dialect: plain, caller: () => ({ owner: OWNER, scopes }) }))
      })
      return ask('POST', '/tokens', { headers: JSON_TYPE, body: JSON.stringify({ name: 'x', scopes: ['admin'] }) })
    }
    await expect(mint(['jobs:read'])).resolves.toMatchObject({ status: 403 })
    await expect(mint(['jobs:read', 'admin'])).resolves.toMatchObject({ status: 201 })
    await expect(mint(null)).resolves.toMatchObject({ status: 201 })
  })

  it('is asked once more, at its change, for the scopes of every authenticate before', async () => {
    const { ask, secret } = await openApp((app, { tokens }) => {
      const narrow: RequestHandler = (req, _res, next) =>
        void tokens.edit(OWNER, getAuth(req).id, { scopes: [] }).then(() => next(), next)
      app.use(authenticate(tokens, { scopes: ['jobs:read'] }))
      app.use('/tokens', authenticate(tokens, { dialect: plain }), narrow, tokenRouter(tokens, { dialect: plain }))
    })
    const body = JSON.stringify({ name: 'CD', scopes: [] })
    await expect(ask('POST', '/tokens', { headers: { ...JSON_TYPE, ...bearer(secret) }, body })).resolves.toMatchObject(
      {
        status: 403,
      },
    )
  })

  it('issues nothing if it comes without scopes', async () => {
    const { ask, errors, tokens } = await behind(() => ({ owner: 'new' }) as Caller)
    await expect(ask('POST', '/tokens', { headers: JSON_TYPE, body: CD })).resolves.toMatchObject({ status: 500 })
    expect(errors).toMatchObject([{ message: expect.stringContaining('scopes') }])
    expect(await tokens.list('new')).toMatchObject({ total: 0 })
  })

  it.each([null, undefined, false as const])(
    'has to sign in when it is %s, whatever token is presented',
    async (nobody) => {
      const { ask, secret } = await behind(() => nobody)
      for (const headers of [{}, bearer(secret)]) {
        const answer = await ask('GET', '/tokens', { headers })
        expect(answer).toMatchObject({
          status: 401,
          json: { error: { code: 'unauthorized', message: 'Sign in to go on.' } },
        })
        expect(answer.headers).not.toHaveProperty('www-authenticate')
      }
    },
  )

  it('may be refused by a problem, in the words of the dialect', async () => {
    const { ask } = await behind(() => Promise.reject(new Problem('forbidden', 'Your account is locked.')))
    await expect(ask('GET', '/tokens')).resolves.toMatchObject({
      status: 403,
      json: { error: { code: 'forbidden', message: 'Your account is locked.' } },
    })
  })

  it('changes nothing from a page of another site', async () => {
    const { ask } = await behind(() => person)
    const issue = (more: object) => ask('POST', '/tokens', { headers: { ...JSON_TYPE, ...more }, body: CD })
    for (const other of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.test' }, { origin: 'null' }])
      await expect(issue(other)).resolves.toMatchObject({ status: 403, json: { error: { code: 'forbidden' } } })
    await expect(issue({ 'sec-fetch-site': 'same-origin', origin: 'null' })).resolves.toMatchObject({ status: 201 })
  })

  it('hands its own failure to the app, thrown or rejected', async () => {
    const fault = new Error('the login is down')
    const thrown = await openApp((app, { tokens }) => {
      const caller = () => {
        throw fault
      }
      app.use('/tokens', tokenRouter(tokens, { dialect: plain, caller }))
    })
    const rejected = await behind(() => Promise.reject(fault))
    for (const { ask, errors } of [thrown, rejected]) {
      await expect(ask('GET', '/tokens')).resolves.toMatchObject({ status: 500 })
      expect(errors).toEqual([fault])
    }
  })
})
