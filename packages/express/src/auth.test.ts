import express from 'express'
import { describe, expect, it } from 'vitest'
import { caught } from '../testing/caught.ts'
import { CI, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import { findAuth, getAuth } from './auth.ts'
import { authenticate } from './authenticate.ts'

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
    const message = 'getAuth: nobody is authenticated; use findAuth where authenticate() is optional'
    expect(errors).toMatchObject([{ message }, { message }])
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
