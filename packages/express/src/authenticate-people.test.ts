import { Problem, paged } from '@tessera/http'
import type { Caller } from '@tessera/http'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { caught } from '../testing/caught.ts'
import { CI, OWNER, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import { findAuth, findCaller } from './auth.ts'
import type { AuthenticateOptions } from './authenticate-options.ts'
import { authenticate } from './authenticate.ts'
import { requireScopes } from './require-scopes.ts'
import { tokenRouter } from './routers.ts'

const ADA: Caller = { owner: OWNER, scopes: ['jobs:read', 'tokens:read'], createdBy: 'ada' }
const SESSION = { cookie: 'session=ada' }

/** An app for tokens and people. */
async function open(options: AuthenticateOptions = {}) {
  const { tokens, outage } = openTokens()
  const { secret } = await tokens.issue(CI)
  const { errors, handler } = caught()
  const app = express()
  const caller: AuthenticateOptions['caller'] = (req) => req.get('cookie') === SESSION.cookie && ADA
  app.use(authenticate(tokens, { caller, ...options }))
  app.use('/tokens', tokenRouter(tokens, { dialect: paged }))
  app.use('/admin', requireScopes('admin'))
  app.use((req, res) => void res.json({ token: findAuth(req)?.name ?? null, by: findCaller(req)?.createdBy ?? null }))
  app.use(handler)
  return { ask: await serve(app), secret, outage, errors }
}

describe('authenticate with a caller', () => {
  it('admits a token or a person, the token first', async () => {
    const { ask, secret } = await open()
    await expect(ask('GET', '/', { headers: SESSION })).resolves.toMatchObject({ json: { token: null, by: 'ada' } })
    for (const more of [{}, SESSION])
      await expect(ask('GET', '/', { headers: { ...bearer(secret), ...more } })).resolves.toMatchObject({
        json: { token: 'CI', by: null },
      })
    await expect(ask('GET', '/')).resolves.toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="api"' },
    })
  })

  it('never falls back to the person from a bad token, or while the store is down', async () => {
    const { ask, secret, outage } = await open({ onError: () => {} })
    await expect(ask('GET', '/', { headers: { ...bearer('bad'), ...SESSION } })).resolves.toMatchObject({ status: 401 })
    outage.error = new Error('down')
    await expect(ask('GET', '/', { headers: { ...bearer(secret), ...SESSION } })).resolves.toMatchObject({
      status: 503,
    })
    await expect(ask('GET', '/', { headers: SESSION })).resolves.toMatchObject({ status: 200 })
  })

  it('asks a person for scopes, as the handlers behind it do', async () => {
    const { ask } = await open({ scopes: ['jobs:read'] })
    await expect(ask('GET', '/tokens', { headers: SESSION })).resolves.toMatchObject({ status: 200 })
    const lacking = [
      await ask('GET', '/admin', { headers: SESSION }),
      await ask('DELETE', '/tokens/1', { headers: SESSION }),
    ]
    lacking.push(await (await open({ scopes: ['admin'] })).ask('GET', '/', { headers: SESSION }))
    for (const { status, headers } of lacking) expect([status, headers['www-authenticate']]).toEqual([403, undefined])
  })

  it('lets a person change nothing from another site, but for the listed origins', async () => {
    const { ask, secret } = await open({ origins: ['https://app.example.com'] })
    const post = (more: object) => ask('POST', '/', { headers: { 'sec-fetch-site': 'cross-site', ...more } })
    await expect(post(SESSION)).resolves.toMatchObject({ status: 403, json: { code: 'forbidden' } })
    await expect(post({ ...SESSION, origin: 'https://app.example.com' })).resolves.toMatchObject({ status: 200 })
    await expect(post(bearer(secret))).resolves.toMatchObject({ status: 200 })
  })

  it('words a problem of the app, and hands on its faults', async () => {
    const refusing = async (thrown: Error) => {
      const { ask, errors } = await open({ caller: () => Promise.reject(thrown) })
      return { answer: await ask('GET', '/'), errors }
    }
    const { answer } = await refusing(new Problem('forbidden', 'Your account is locked.'))
    expect(answer).toMatchObject({ status: 403, json: { detail: 'Your account is locked.' } })
    const fault = new Error('the login is down')
    expect((await refusing(fault)).errors).toEqual([fault])
  })
})
