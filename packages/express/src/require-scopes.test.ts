import { plain } from '@tessera/http'
import express from 'express'
import type { RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { caught } from '../testing/caught.ts'
import { OWNER, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import type { AuthenticateOptions } from './authenticate-options.ts'
import { authenticate } from './authenticate.ts'
import { requireAnyScope, requireScopes } from './require-scopes.ts'

const ok: RequestHandler = (_req, res) => void res.json('in')

async function open(requirement: RequestHandler, options: AuthenticateOptions = {}, wildcards = false) {
  const { tokens } = openTokens({ wildcards })
  const { errors, handler } = caught()
  const app = express()
  app.use(authenticate(tokens, options), requirement, ok)
  app.use(handler)
  const ask = await serve(app)
  async function askWith(...scopes: string[]) {
    const { secret } = await tokens.issue({ owner: OWNER, name: 'CI', scopes })
    return ask('GET', '/', { headers: bearer(secret) })
  }
  return { ask, askWith, errors }
}

const challengeFor = (scope: string) =>
  `Bearer error="insufficient_scope", error_description="The access token lacks a scope that the request needs.", scope="${scope}"`

describe('requireScopes', () => {
  it('lets a token with all of the scopes through', async () => {
    const { askWith } = await open(requireScopes('jobs:read', 'jobs:write'))
    await expect(askWith('jobs:write', 'jobs:read')).resolves.toMatchObject({ status: 200 })
    await expect(askWith('jobs:read')).resolves.toMatchObject({ status: 403 })
    await expect(askWith()).resolves.toMatchObject({ status: 403 })
  })

  it('names all of the scopes in the challenge (RFC 6750 §3.1)', async () => {
    const { askWith } = await open(requireScopes('jobs:read', 'jobs:write'))
    const { headers, json } = await askWith('jobs:read')
    expect(headers['www-authenticate']).toBe(challengeFor('jobs:read jobs:write'))
    expect(json).toMatchObject({ code: 'insufficient_scope' })
  })

  it('answers as the authenticate before it: dialect, realm and forwarded errors', async () => {
    const inDialect = await open(requireScopes('jobs:read'), { dialect: plain, realm: 'Acme' })
    const { headers, json } = await inDialect.askWith()
    expect(headers['www-authenticate']).toMatch(/^Bearer realm="Acme", error="insufficient_scope"/)
    expect(json).toMatchObject({ error: { code: 'FORBIDDEN', details: { scopes: ['jobs:read'] } } })

    const forwarding = await open(requireScopes('jobs:read'), { forwardErrors: true })
    await expect(forwarding.askWith()).resolves.toMatchObject({ status: 403 })
    expect(forwarding.errors).toMatchObject([{ code: 'insufficient_scope', status: 403 }])
  })

  it('challenges a caller whom optional let through as nobody', async () => {
    const { ask } = await open(requireScopes('jobs:read'), { optional: true })
    await expect(ask('GET', '/')).resolves.toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="api"' },
    })
  })

  it('reads scopes by the rules of the tokens', async () => {
    const { askWith } = await open(requireScopes('jobs:read'), {}, true)
    await expect(askWith('jobs:*')).resolves.toMatchObject({ status: 200 })
  })

  it('names to the app’s author what is missing, if authenticate is not mounted before it', async () => {
    const { errors, handler } = caught()
    const app = express()
    app.use(requireScopes('jobs:read'), ok)
    app.use(handler)
    await expect((await serve(app))('GET', '/')).resolves.toMatchObject({ status: 500 })
    expect(errors).toMatchObject([{ message: 'requireScopes: mount authenticate() before it' }])
  })
})

describe('requireAnyScope', () => {
  it('lets a token with at least one of the scopes through, and names all in the challenge', async () => {
    const { askWith } = await open(requireAnyScope('jobs:read', 'jobs:write'))
    await expect(askWith('jobs:write')).resolves.toMatchObject({ status: 200 })
    await expect(askWith('people:read')).resolves.toMatchObject({
      status: 403,
      headers: { 'www-authenticate': challengeFor('jobs:read jobs:write') },
    })
  })

  it('names itself where authenticate is not mounted before it', async () => {
    const { errors, handler } = caught()
    const app = express()
    app.use(requireAnyScope('jobs:read'), ok)
    app.use(handler)
    await (await serve(app))('GET', '/')
    expect(errors).toMatchObject([{ message: 'requireAnyScope: mount authenticate() before it' }])
  })
})

describe.each([
  ['requireScopes', requireScopes],
  ['requireAnyScope', requireAnyScope],
])('%s', (name, factory) => {
  it.each([
    [[]],
    [['']],
    [['jobs read']],
    [['jobs:read', '"']],
    [['é']],
    [['a'.repeat(129)]],
    [[7]],
    [[['jobs:read']]],
  ])('refuses to be built with %j', (scopes) => {
    const build = () => Reflect.apply(factory, undefined, scopes)
    expect(build).toThrow(TypeError)
    expect(build).toThrow(`${name}: give at least one scope`)
  })
})
