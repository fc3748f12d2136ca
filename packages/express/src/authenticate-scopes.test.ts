import { plain } from '@tessera/http'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { openGuarded } from '../testing/open-guarded.ts'
import { CI, OWNER, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import type { AuthenticateOptions } from './authenticate-options.ts'
import { authenticate } from './authenticate.ts'
import { requireScopes } from './require-scopes.ts'
import { tokenRouter } from './routers.ts'

async function open(options: AuthenticateOptions) {
  const { tokens, ask } = await openGuarded(options)
  async function askWith(...scopes: string[]) {
    const { secret } = await tokens.issue({ owner: OWNER, name: 'CI', scopes })
    return ask('GET', '/', { headers: bearer(secret) })
  }
  return { tokens, ask, askWith }
}

const challengeFor = (scope: string) => expect.stringMatching(`error="insufficient_scope".*, scope="${scope}"`)

describe('authenticate: scopes', () => {
  it('lets a token with all of the scopes through, and names them to any other', async () => {
    const { askWith } = await open({ scopes: ['jobs:read', 'jobs:write'] })
    await expect(askWith('jobs:write', 'jobs:read')).resolves.toMatchObject({ status: 200 })
    await expect(askWith('jobs:read')).resolves.toMatchObject({
      status: 403,
      headers: { 'www-authenticate': challengeFor('jobs:read jobs:write') },
    })
  })

  it('lets a token with one of anyScope through', async () => {
    const { askWith } = await open({ anyScope: ['jobs:read', 'jobs:write'], dialect: plain })
    await expect(askWith('jobs:write')).resolves.toMatchObject({ status: 200 })
    await expect(askWith('runs:read')).resolves.toMatchObject({
      status: 403,
      headers: { 'www-authenticate': challengeFor('jobs:read jobs:write') },
      json: { error: { code: 'FORBIDDEN', details: { scopes: ['jobs:read', 'jobs:write'] } } },
    })
  })

  it('counts what it refuses', async () => {
    const { tokens, askWith } = await open({ scopes: ['jobs:read'] })
    await askWith()
    expect(tokens.stats()).toMatchObject({ accepted: 0, refused: { insufficient_scope: 1 } })
  })

  it('asks nobody for a scope whom optional lets through, and any token', async () => {
    const { ask, askWith } = await open({ scopes: ['jobs:read'], optional: true })
    await expect(ask('GET', '/')).resolves.toMatchObject({ status: 200 })
    await expect(askWith()).resolves.toMatchObject({ status: 403 })
  })
})

describe('authenticate: scopeRequired', () => {
  it('refuses every token on a route that names no scope, and says nothing of the scopes there are', async () => {
    const { ask, askWith } = await open({ scopeRequired: true })
    const refusal = await askWith('jobs:read', 'jobs:write')
    expect(refusal).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': expect.not.stringContaining(' scope=') },
    })
    expect(refusal.text).not.toContain('jobs')
    await expect(ask('GET', '/')).resolves.toMatchObject({ status: 401 })
    await expect(ask('GET', '/', { headers: bearer('x') })).resolves.toMatchObject({ status: 401 })
  })

  it('counts no scope that is asked for behind it, where a handler may have run before', async () => {
    const { tokens } = openTokens()
    const { secret } = await tokens.issue(CI)
    const app = express()
    const withToken = (options: AuthenticateOptions = {}) => authenticate(tokens, { scopeRequired: true, ...options })
    const scopes = { read: ['jobs:read'], write: ['tokens:write'] }
    app.use('/behind', withToken(), requireScopes('jobs:read'), (_req, res) => void res.json('in'))
    app.use(
      '/tokens',
      withToken({ anyScope: ['jobs:read', 'tokens:write'] }),
      tokenRouter(tokens, { dialect: plain, scopes }),
    )
    const ask = await serve(app)
    const headers = bearer(secret)
    await expect(ask('GET', '/behind', { headers })).resolves.toMatchObject({ status: 403 })
    await expect(ask('GET', '/tokens', { headers })).resolves.toMatchObject({ status: 200 })
    await expect(ask('DELETE', '/tokens/b4f0c0de-0000-4000-8000-000000000001', { headers })).resolves.toMatchObject({
      status: 403,
    })
  })

  it.each([{ scopes: ['jobs:read'] }, { anyScope: ['jobs:read'] }])(
    'leaves one that names a scope as it is: %o',
    async (named) => {
      const { askWith } = await open({ ...named, scopeRequired: true })
      await expect(askWith('jobs:read')).resolves.toMatchObject({ status: 200 })
      await expect(askWith('jobs:write')).resolves.toMatchObject({ status: 403 })
    },
  )

  it('lets a token change tokens behind one that names a scope', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(CI)
    const app = express()
    const guard = authenticate(tokens, { scopes: CI.scopes, scopeRequired: true })
    app.use('/tokens', guard, tokenRouter(tokens, { dialect: plain }))
    const ask = await serve(app)
    await expect(ask('DELETE', `/tokens/${token.id}`, { headers: bearer(secret) })).resolves.toMatchObject({
      status: 200,
    })
  })
})
