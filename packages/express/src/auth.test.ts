import express from 'express'
import type { Request } from 'express'
import { describe, expect, it } from 'vitest'
import { caught } from '../testing/caught.ts'
import { CI, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import { findAuth, findCaller, getAuth } from './auth.ts'
import { authenticate } from './authenticate.ts'
import { requireScopes } from './require-scopes.ts'

describe('getAuth', () => {
  it('gives the token that the request was authenticated with, also inside routers and apps mounted below', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(CI)
    const [app, router, nested] = [express(), express.Router(), express()]
    nested.get('/here', (req, res) => void res.json({ id: getAuth(req).id }))
    router.use('/app', nested)
    app.use(authenticate(tokens))
    app.use('/router', router)
    const ask = await serve(app)
    const { json } = await ask('GET', '/router/app/here', { headers: bearer(secret) })
    expect(json).toEqual({ id: token.id })
  })

  it('throws where nobody is authenticated, and says what is missing', async () => {
    const { tokens } = openTokens()
    const { errors, handler } = caught()
    const app = express()
    app.get('/unguarded', (req) => void getAuth(req))
    app.get('/optional', authenticate(tokens, { optional: true }), (req) => void getAuth(req))
    app.use(handler)
    const ask = await serve(app)
    for (const path of ['/unguarded', '/optional'])
      await expect(ask('GET', path)).resolves.toMatchObject({ status: 500 })
    const message = 'getAuth: no token is there; use findAuth or findCaller where authenticate() admits others'
    expect(errors).toMatchObject([{ message }, { message }])
  })
})

describe('a request of the app’s own type', () => {
  it('is taken by getAuth, findAuth and findCaller, and by every handler', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(CI)
    interface Body {
      readonly name: string
    }
    type Typed = Request<{ id: string }, { owner: string }, Body, { page?: string }, { user: string }>
    const owners = (req: Typed) => [getAuth(req).owner, findAuth(req)?.owner, findCaller(req)?.owner].join()
    const app = express()
    const signedIn = authenticate(tokens)
    app.get(
      '/jobs/:id',
      signedIn,
      requireScopes('jobs:read'),
      (req, res) => void res.json([req.params.id, getAuth(req).id]),
    )
    app.post<Typed['params'], { owner: string }, Body, { page?: string }, { user: string }>(
      '/typed/:id',
      signedIn,
      (req, res) => void res.json({ owner: [req.params.id, owners(req)].join() }),
    )
    const ask = await serve(app)
    await expect(ask('GET', '/jobs/7', { headers: bearer(secret) })).resolves.toMatchObject({ json: ['7', token.id] })
    await expect(ask('POST', '/typed/7', { headers: bearer(secret) })).resolves.toMatchObject({
      json: { owner: '7,acme,acme,acme' },
    })
  })
})

describe('findAuth', () => {
  it('gives the token or null', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(CI)
    const app = express()
    app.get('/unguarded', (req, res) => void res.json({ id: findAuth(req) }))
    app.use(authenticate(tokens, { optional: true }), (req, res) => void res.json({ id: findAuth(req)?.id ?? null }))
    const ask = await serve(app)
    await expect(ask('GET', '/', { headers: bearer(secret) })).resolves.toMatchObject({ json: { id: token.id } })
    await expect(ask('GET', '/')).resolves.toMatchObject({ json: { id: null } })
    await expect(ask('GET', '/unguarded')).resolves.toMatchObject({ json: { id: null } })
  })
})
