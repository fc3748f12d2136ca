import { authenticate, getAuth, requireScopes, revocationRouter, serveHandler, tokenRouter } from '@tessera/express'
import { plain } from '@tessera/http'
import express from 'express'
import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CI, KEY, NOW, openAccess } from '../testing/open-access.ts'
import { acceptBoth } from './accept-both.ts'
import { exchangeHandler } from './exchange-handler.ts'
import { keySetHandler } from './key-set-handler.ts'

const FIELDS = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
}
const onError = () => {}

async function open() {
  const opened = await openAccess()
  const { tokens, access, secret } = opened
  const app = express()
  app.use('/token', serveHandler(exchangeHandler(access, { onError })))
  app.use('/keys', serveHandler(keySetHandler(access)))
  app.use('/revoke', revocationRouter(tokens, { accessTokens: access, onError }))
  app.use('/revoke-with-parent', revocationRouter(tokens, { accessTokens: access, revokesParent: true, onError }))
  app.use(authenticate(acceptBoth(tokens, access), { onError }))
  app.get('/read', requireScopes('jobs:read'), (req, res) => void res.json(getAuth(req).scopes))
  app.get('/write', requireScopes('jobs:write'), (req, res) => void res.json(getAuth(req).scopes))
  app.use('/tokens', tokenRouter(tokens, { dialect: plain }))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const ask = (path: string, credential: string) =>
    fetch(base + path, { headers: { authorization: `Bearer ${credential}` } })

  async function exchange(scope: string): Promise<Response> {
    return fetch(`${base}/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...FIELDS, subject_token: secret, scope }),
    })
  }

  return { ...opened, base, ask, exchange }
}

describe('access tokens in an Express app', () => {
  it('are got for a token, accepted beside it, and limited to their own scopes', async () => {
    const { ask, exchange, secret } = await open()
    const { access_token: jwt } = (await (await exchange('jobs:read')).json()) as { access_token: string }
    expect(await (await ask('/read', jwt)).json()).toEqual(['jobs:read'])
    expect(await (await ask('/write', secret)).json()).toEqual(['jobs:read', 'jobs:write'])
    const refused = await ask('/write', jwt)
    expect(refused.status).toBe(403)
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
  })

  it('are refused with 401 and one challenge, whatever is wrong with them', async () => {
    const { ask, access, tokens, secret, parent } = await open()
    const { jwt } = await access.exchange(secret)
    const { headers } = await ask('/read', 'malformed')
    await tokens.revoke('acme', parent.id)
    for (const credential of [jwt, `${jwt}=`, `${jwt.slice(0, -4)}AAAA`, 'eyJhbGciOiJub25lIn0.e30.', `${jwt},a`]) {
      const refused = await ask('/read', credential)
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toBe(headers.get('www-authenticate'))
    }
  })

  it('are answered with 503 and no challenge when the store is down (fails closed)', async () => {
    const { ask, access, exchange, secret, weather } = await open()
    const { jwt } = await access.exchange(secret)
    weather.error = new Error('ECONNREFUSED')
    for (const answer of [await ask('/read', jwt), await exchange('')]) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
      expect(answer.headers.get('www-authenticate')).toBeNull()
    }
  })

  it('get no secret that outlives them, neither of a new token nor of their own parent', async () => {
    const { base, access, secret, tokens, parent } = await open()
    const { jwt, token } = await access.exchange(secret)
    const post = (path: string, body: object) =>
      fetch(base + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${jwt}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect((await post(`/tokens/${parent.id}/rotate`, {})).status).toBe(403)
    expect(await tokens.get('acme', parent.id)).toMatchObject({ rotatedTo: null })
    expect((await post('/tokens', { name: 'CI', scopes: [], expiresAt: null })).status).toBe(400)
    const issued = await post('/tokens', { name: 'CI', scopes: [] })
    expect(await issued.json()).toMatchObject({ token: { expiresAt: token.expiresAt.toISOString() } })
  })

  it('change nothing once they have expired, however long before a request began', async () => {
    const { base, access, secret, tokens, clock } = await open()
    const { jwt } = await access.exchange(secret)
    const { token: other } = await tokens.issue(CI)
    /** Sends the headers and one byte, and the rest of the body once the clock is there. */
    async function parked(method: string, path: string, body: object, at: number): Promise<number | undefined> {
      const bytes = JSON.stringify(body)
      const headers = {
        authorization: `Bearer ${jwt}`,
        'content-type': 'application/json',
        'content-length': bytes.length,
      }
      const sent = request(base + path, { method, headers })
      const { accepted } = tokens.stats()
      sent.write(bytes.slice(0, 1))
      await expect.poll(() => tokens.stats().accepted).toBe(accepted + 1)
      clock.now = at
      sent.end(bytes.slice(1))
      const [answer] = (await once(sent, 'response')) as [IncomingMessage]
      answer.resume()
      return answer.statusCode
    }
    const last = NOW + 300_000 + 5_000 // The clocks of two machines may be 5 s apart.
    expect(await parked('PATCH', `/tokens/${other.id}`, { name: 'renamed' }, last - 1)).toBe(200)
    clock.now = NOW
    const before = await tokens.list('acme')
    for (const [method, path, body] of [
      ['PATCH', `/tokens/${other.id}`, { name: 'renamed again' }],
      ['POST', `/tokens/${other.id}/rotate`, {}],
      ['POST', '/tokens', { name: 'CI', scopes: [] }],
    ] as const) {
      expect(await parked(method, path, body, last), path).toBeGreaterThanOrEqual(400)
      clock.now = NOW
    }
    expect(await tokens.list('acme')).toEqual(before)
  })

  it('are told apart by the revocation endpoint, which ends their parent with them', async () => {
    const { ask, access, base, secret } = await open()
    const { jwt } = await access.exchange(secret)
    const revoke = (path: string) => fetch(base + path, { method: 'POST', body: new URLSearchParams({ token: jwt }) })
    const refused = await revoke('/revoke')
    expect([refused.status, await refused.json()]).toEqual([400, { error: 'unsupported_token_type' }])
    expect((await ask('/read', jwt)).status).toBe(200)
    expect((await revoke('/revoke-with-parent')).status).toBe(200)
    expect((await ask('/read', jwt)).status).toBe(401)
    expect((await ask('/read', secret)).status).toBe(401)
  })

  it('are verified by a key set that can be asked for again by its ETag', async () => {
    const { base } = await open()
    const first = await fetch(`${base}/keys`)
    expect(first.headers.get('content-type')).toBe('application/jwk-set+json')
    expect(await first.json()).toMatchObject({ keys: [{ x: KEY.x }] })
    const again = await fetch(`${base}/keys`, { headers: { 'if-none-match': String(first.headers.get('etag')) } })
    expect([again.status, again.headers.get('content-length')]).toEqual([304, null])
  })
})
