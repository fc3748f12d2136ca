import type { TokenEvent } from '@tessera/core'
import type { RefusedRequest } from '@tessera/http'
import { plain } from '@tessera/http'
import express from 'express'
import { describe, expect, it, vi } from 'vitest'
import { CI, OWNER, bearer, openTokens } from '../testing/open-tokens.ts'
import { serve } from '../testing/serve.ts'
import type { AuthenticateOptions } from './authenticate-options.ts'
import { authenticate } from './authenticate.ts'
import { revocationRouter } from './oauth-routers.ts'
import { requireScopes } from './require-scopes.ts'
import { tokenRouter } from './routers.ts'

/** An app with a route that needs a scope, one that needs none, and the routes of tokens. */
async function open(options: AuthenticateOptions = {}) {
  const refused: RefusedRequest[] = []
  const errors: Error[] = []
  const events: TokenEvent[] = []
  const { tokens } = openTokens({ onEvent: (event) => events.push(event) })
  const { secret, token } = await tokens.issue(CI)
  const app = express()
  const onRefusal = (_: unknown, each: RefusedRequest) => void refused.push(each)
  app.use('/revoke', revocationRouter(tokens))
  app.use(authenticate(tokens, { onRefusal, onError: (error) => errors.push(error), ...options }))
  app.get('/jobs', requireScopes('jobs:write'), (_req, res) => void res.json('in'))
  app.use('/tokens', tokenRouter(tokens, { dialect: plain, scopes: { write: ['tokens:write'] } }))
  app.use((_req, res) => void res.json('in'))
  const ask = await serve(app)
  async function heard(): Promise<TokenEvent[]> {
    await new Promise((resolve) => setImmediate(resolve))
    return events
  }
  return { tokens, secret, token, ask, refused, errors, heard }
}

const LOCAL = expect.stringMatching(/127\.0\.0\.1|::1/) as string

describe('onRefusal', () => {
  it('gets the reason of a refusal, and the token if it is known; the client gets neither', async () => {
    const { tokens, secret, token, ask, refused } = await open()
    await ask('GET', '/')
    await ask('GET', '/', { headers: bearer('x') })
    await ask('GET', '/', { headers: ['Authorization', 'Bearer x', 'Authorization', 'Bearer y'] })
    await tokens.revoke(OWNER, token.id)
    const revoked = await ask('GET', '/', { headers: bearer(secret) })
    expect(refused).toMatchObject([
      { reason: 'missing', token: null },
      { reason: 'malformed', token: null },
      { reason: 'several_credentials', token: null },
      { reason: 'revoked', token: { id: token.id, owner: OWNER } },
    ])
    const bad = await ask('GET', '/', { headers: bearer('x') })
    expect([revoked.status, revoked.text]).toEqual([401, bad.text])
    for (const known of [token.id, OWNER, 'revoked']) expect(revoked.text).not.toContain(known)
  })

  it('gets what requireScopes and the routers refuse', async () => {
    const { secret, token, ask, refused } = await open()
    await expect(ask('GET', '/jobs', { headers: bearer(secret) })).resolves.toMatchObject({ status: 403 })
    await expect(ask('DELETE', `/tokens/${token.id}`, { headers: bearer(secret) })).resolves.toMatchObject({
      status: 403,
    })
    expect(refused).toMatchObject([
      { reason: 'insufficient_scope', token: { id: token.id } },
      { reason: 'insufficient_scope', token: { id: token.id } },
    ])
  })

  it('gets nothing of a caller whom optional admits, before a later handler refuses it', async () => {
    const { ask, refused } = await open({ optional: true })
    await expect(ask('GET', '/')).resolves.toMatchObject({ status: 200 })
    expect(refused).toEqual([])
    await expect(ask('GET', '/jobs')).resolves.toMatchObject({ status: 401 })
    expect(refused).toEqual([{ reason: 'missing', token: null }])
    await ask('GET', '/', { headers: bearer('x') })
    expect(refused).toHaveLength(2)
  })

  it('has no part in a request that is admitted', async () => {
    const { secret, ask, refused } = await open()
    await expect(ask('GET', '/', { headers: bearer(secret) })).resolves.toMatchObject({ status: 200 })
    expect(refused).toEqual([])
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('a fault')
      },
    ],
    ['rejects', () => Promise.reject(new Error('a fault'))],
  ])('changes no answer where it %s, and is reported', async (_, onRefusal) => {
    const { secret, ask, errors } = await open({ onRefusal })
    await expect(ask('GET', '/')).resolves.toMatchObject({ status: 401 })
    await expect(ask('GET', '/jobs', { headers: bearer(secret) })).resolves.toMatchObject({ status: 403 })
    expect(errors).toEqual([new Error('a fault'), new Error('a fault')])
  })

  it('is a warning of the process where there is no onError, or onError throws as well', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
    const failing = (name: string) => () => {
      throw new Error(`a fault of ${name}`)
    }
    for (const onError of [undefined, failing('onError')]) {
      const { tokens } = openTokens()
      const app = express()
      app.use(authenticate(tokens, { onRefusal: failing('onRefusal'), ...(onError && { onError }) }))
      await expect((await serve(app))('GET', '/')).resolves.toMatchObject({ status: 401 })
    }
    expect(warn.mock.calls).toEqual([[new Error('a fault of onRefusal')], [new Error('a fault of onError')]])
    warn.mockRestore()
  })
})

describe('a refusal of requireScopes', () => {
  it('is counted and published, as one of a router is', async () => {
    const { tokens, secret, token, ask, heard } = await open()
    await ask('GET', '/jobs', { headers: bearer(secret) })
    await ask('DELETE', `/tokens/${token.id}`, { headers: bearer(secret) })
    expect(tokens.stats().refused.insufficient_scope).toBe(2)
    const refusals = (await heard()).filter(({ type }) => type === 'refused')
    expect(refusals).toMatchObject([{ reason: 'insufficient_scope', owner: OWNER, tokenId: token.id, ip: LOCAL }])
  })

  it('is counted once for a caller without a credential', async () => {
    const { tokens, ask } = await open({ optional: true })
    await ask('GET', '/jobs')
    expect(tokens.stats().refused.missing).toBe(1)
  })
})

describe('the events of a request', () => {
  it('name its address and the id that a logger gave it, and no header', async () => {
    const { tokens, secret, token, ask, heard } = await open({
      requestId: (req) => req.get('x-request-id') ?? null,
      clientAddress: () => '192.0.2.7',
    })
    const headers = { ...bearer(secret), 'x-request-id': 'req-1' }
    await ask('GET', '/', { headers })
    await tokens.edit(OWNER, token.id, { scopes: ['jobs:read', 'tokens:write'] })
    await ask('DELETE', `/tokens/${token.id}`, { headers })
    const context = { ip: '192.0.2.7', requestId: 'req-1' }
    const own = (await heard()).filter(({ type }) => type === 'first_used' || type === 'revoked')
    expect(own).toMatchObject([
      { type: 'first_used', ...context },
      { type: 'revoked', ...context, byToken: token.id },
    ])
  })

  it('have no header by default, and req.id of the app', async () => {
    const { tokens, ask, heard } = await open()
    expect(tokens.stats().accepted).toBe(0)
    await ask('GET', '/', { headers: { ...bearer('x'), 'x-request-id': 'req-1', 'x-forwarded-for': '192.0.2.7' } })
    expect((await heard()).at(-1)).toMatchObject({ type: 'refused', ip: LOCAL, requestId: null })

    const events: TokenEvent[] = []
    const named = openTokens({ onEvent: (event) => events.push(event) })
    const app = express()
    app.use((req, _res, next) => {
      Reflect.set(req, 'id', 7)
      next()
    })
    app.use(authenticate(named.tokens))
    await (await serve(app))('GET', '/')
    await named.tokens.close()
    expect(events).toMatchObject([{ type: 'refused', requestId: '7' }])
  })

  it('name the address of whoever revokes by secret, without authenticate', async () => {
    const { secret, token, ask, heard } = await open()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    await expect(ask('POST', '/revoke', { headers, body: `token=${secret}` })).resolves.toMatchObject({ status: 200 })
    expect((await heard()).at(-1)).toMatchObject({ type: 'revoked', byToken: token.id, ip: LOCAL })
  })
})
