import express from 'express'
import { describe, expect, it } from 'vitest'
import { openGuarded } from '../testing/open-guarded.ts'
import { CI, OWNER, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import { authenticate } from './authenticate.ts'

describe('authenticate: optional', () => {
  it('lets a caller without a credential, or with one of another scheme, through as nobody', async () => {
    const { ask } = await openGuarded({ optional: true })
    for (const headers of [{}, { authorization: 'Basic YTpi' }])
      await expect(ask('GET', '/', { headers })).resolves.toMatchObject({ status: 200, json: { owner: null } })
  })

  it('leaves the user of a session alone, and puts a token in its place', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue(CI)
    const app = express()
    app.use((req, _res, next) => {
      Reflect.set(req, 'user', { name: 'ada' })
      next()
    })
    app.use(authenticate(tokens, { optional: true, requestProperty: 'user' }))
    app.use((req, res) => void res.json(Reflect.get(req, 'user')))
    const ask = await serve(app)
    await expect(ask('GET', '/')).resolves.toMatchObject({ json: { name: 'ada' } })
    await expect(ask('GET', '/', { headers: bearer(secret) })).resolves.toMatchObject({ json: { name: 'CI' } })
  })

  it('never lets a bad token or two credentials through', async () => {
    const { ask, tokens, id, secret } = await openGuarded({ optional: true })
    await tokens.revoke(OWNER, id)
    for (const bad of [secret, 'x', ''])
      await expect(ask('GET', '/', { headers: bearer(bad) })).resolves.toMatchObject({ status: 401 })
    const twice = ['Authorization', 'Basic YTpi', 'Authorization', 'Basic YTpi']
    await expect(ask('GET', '/', { headers: twice })).resolves.toMatchObject({ status: 400 })
  })

  it('does not take a store failure for nobody', async () => {
    const { ask, outage, secret } = await openGuarded({ optional: true, onError: () => {} })
    outage.error = new Error('connection lost')
    await expect(ask('GET', '/', { headers: bearer(secret) })).resolves.toMatchObject({ status: 503 })
  })
})
