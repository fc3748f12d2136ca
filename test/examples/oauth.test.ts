import { join } from 'node:path'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { RunningProcess } from '../support/run-process.ts'

const script = join(root, 'examples/oauth/server.js')

// Form-encoding changes most of these characters, and the secret looks encoded before it is.
const CLIENT_ID = 'gateway:größe +&=/'
const CLIENT_SECRET = 'p%20ss:w+rd &="söcret~*(!)'
const insecure = { [oauth.allowInsecureRequests]: true }

const authentications = [
  ['client_secret_basic', oauth.ClientSecretBasic(CLIENT_SECRET), openid.ClientSecretBasic(CLIENT_SECRET)],
  ['client_secret_post', oauth.ClientSecretPost(CLIENT_SECRET), openid.ClientSecretPost(CLIENT_SECRET)],
] as const

describe('examples/oauth', () => {
  const client: oauth.Client = { client_id: CLIENT_ID }
  let app: RunningProcess
  let issuer: URL
  let api: URL
  let secret: string

  beforeEach(async () => {
    const port = await freePort()
    app = runProcess(process.execPath, [script], { env: { PORT: String(port), CLIENT_ID, CLIENT_SECRET } })
    issuer = new URL(`http://127.0.0.1:${port}/oauth`)
    api = new URL('/api', issuer)
    secret = (await app.firstLine()).replace('Authorization: Bearer ', '')
  })
  afterEach(() => app.end())

  const discover = async (): Promise<oauth.AuthorizationServer> => {
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
    return oauth.processDiscoveryResponse(issuer, response)
  }
  const jobs = () => fetch(`${api.href}/jobs`, { headers: { authorization: `Bearer ${secret}` } })
  const active = () => ({
    active: true,
    scope: 'jobs:read',
    username: 'ada@example.com',
    token_type: 'Bearer',
    iat: expect.any(Number),
    sub: 'acme',
    aud: api.href,
    iss: issuer.href,
    jti: expect.any(String),
  })

  it('is discovered by its issuer, and by the challenge of its API (RFC 8414 §3, RFC 9728 §5)', async () => {
    const refused = await fetch(`${api.href}/jobs`)
    const [, metadata = ''] = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '') ?? []
    expect(refused.status).toBe(401)
    const response = await oauth.resourceDiscoveryRequest(api, insecure)
    expect(response.url).toBe(metadata)
    const resource = await oauth.processResourceDiscoveryResponse(api, response)
    expect(resource).toMatchObject({ bearer_methods_supported: ['header'], scopes_supported: ['jobs:read'] })
    expect(resource.authorization_servers).toEqual([(await discover()).issuer])
  })

  describe.each(authentications)('by %s', (method, authentication, openidAuthentication) => {
    const introspect = async (token: string): Promise<oauth.IntrospectionResponse> => {
      const server = await discover()
      const response = await oauth.introspectionRequest(server, client, authentication, token, insecure)
      return oauth.processIntrospectionResponse(server, client, response)
    }
    const configure = () =>
      openid.discovery(issuer, CLIENT_ID, undefined, openidAuthentication, {
        algorithm: 'oauth2',
        execute: [openid.allowInsecureRequests],
      })

    it('is what the metadata names', async () => {
      const server = await discover()
      expect(server.introspection_endpoint_auth_methods_supported).toContain(method)
      expect(server.revocation_endpoint_auth_methods_supported).toContain(method)
    })

    it('tells oauth4webapi of the token', async () => {
      expect(await introspect(secret)).toEqual(active())
      expect(await introspect('unknown')).toEqual({ active: false })
    })

    it('tells openid-client of the token', async () => {
      const config = await configure()
      expect(await openid.tokenIntrospection(config, secret)).toEqual(active())
      expect(await openid.tokenIntrospection(config, 'unknown', { token_type_hint: 'refresh_token' })).toEqual({
        active: false,
      })
    })

    it('is refused with a challenge where the secret is wrong', async () => {
      const wrong = method === 'client_secret_basic' ? oauth.ClientSecretBasic : oauth.ClientSecretPost
      const server = await discover()
      const response = await oauth.introspectionRequest(server, client, wrong(`${CLIENT_SECRET}x`), secret, insecure)
      expect(await response.clone().json()).toMatchObject({ error: 'invalid_client' })
      await expect(oauth.processIntrospectionResponse(server, client, response)).rejects.toMatchObject({
        code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
        status: 401,
        cause: [{ scheme: 'basic' }],
      })
    })

    it('lets oauth4webapi revoke, from which on the token is refused', async () => {
      const server = await discover()
      expect((await jobs()).status).toBe(200)
      for (const _ of ['first', 'again']) {
        const response = await oauth.revocationRequest(server, client, authentication, secret, insecure)
        await expect(oauth.processRevocationResponse(response)).resolves.toBeUndefined()
      }
      expect((await jobs()).status).toBe(401)
      expect(await introspect(secret)).toEqual({ active: false })
    })

    it('lets openid-client revoke', async () => {
      const config = await configure()
      await openid.tokenRevocation(config, secret)
      await openid.tokenRevocation(config, 'unknown')
      expect(await openid.tokenIntrospection(config, secret)).toEqual({ active: false })
    })
  })

  it('revokes and introspects for nobody without credentials', async () => {
    const server = await discover()
    for (const endpoint of [server.revocation_endpoint, server.introspection_endpoint]) {
      const response = await fetch(endpoint ?? '', { method: 'POST', body: new URLSearchParams({ token: secret }) })
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ error: 'invalid_client' })
    }
    expect(await (await jobs()).json()).toEqual({ jobs: [], owner: 'acme' })
  })

  it('prints nothing but the header of its one token', () => {
    expect(app.stdout()).toBe(`Authorization: Bearer ${secret}\n`)
    expect(app.stderr()).toBe('')
  })
})
