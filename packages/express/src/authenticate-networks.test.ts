import express from 'express'
import { describe, expect, it } from 'vitest'
import { caught } from '../testing/caught.ts'
import { CI, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import { getAuth } from './auth.ts'
import { authenticate } from './authenticate.ts'

const INVALID = 'Bearer error="invalid_token", error_description="The access token is not valid."'

describe('authenticate, with clientAddress', () => {
  it('lets a token that is bound to networks through from within them, as the app says where that is', async () => {
    const { tokens } = openTokens()
    const secretFor = async (...networks: string[]) => (await tokens.issue({ ...CI, networks })).secret
    const [here, elsewhere] = [await secretFor('127.0.0.0/8', '::1'), await secretFor('192.0.2.0/24')]
    const app = express()
    const reply: express.RequestHandler = (req, res) => void res.json(getAuth(req).id)
    app.use('/nowhere', authenticate(tokens), reply)
    app.use('/header', authenticate(tokens, { clientAddress: (req) => req.get('x-real-ip') }), reply)
    app.use('/', authenticate(tokens, { clientAddress: (req) => req.ip }), reply)
    const ask = await serve(app)
    const askAs = (secret: string, path: string, more = {}) =>
      ask('GET', path, { headers: { ...bearer(secret), ...more } })
    await expect(askAs(here, '/')).resolves.toMatchObject({ status: 200 })
    await expect(askAs(elsewhere, '/header', { 'x-real-ip': '192.0.2.7' })).resolves.toMatchObject({ status: 200 })
    for (const [secret, path] of [
      [elsewhere, '/'],
      [here, '/nowhere'],
      [elsewhere, '/header'],
    ] as const) {
      const answer = await askAs(secret, path)
      expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': INVALID } })
      expect(answer.text).not.toContain('192.0.2')
    }
  })

  it('hands what clientAddress throws to the app, and lets nobody through', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue(CI)
    const app = express()
    const fault = new Error('no proxy header')
    const clientAddress = () => {
      throw fault
    }
    app.use(authenticate(tokens, { clientAddress }), (req, res) => void res.json(getAuth(req).id))
    const { errors, handler } = caught()
    app.use(handler)
    const ask = await serve(app)
    await expect(ask('GET', '/', { headers: bearer(secret) })).resolves.toMatchObject({ status: 500 })
    expect(errors).toEqual([fault])
  })

  it('takes nothing but a function', () => {
    const options: object = { clientAddress: '127.0.0.1' }
    expect(() => authenticate(openTokens().tokens, options)).toThrow(
      'authenticate: option "clientAddress" must be a function of the request, got a value of type string',
    )
  })
})
