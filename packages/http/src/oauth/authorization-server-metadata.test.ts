import { describe, expect, it } from 'vitest'
import { requestOf } from '../../testing/request.ts'
import { authorizationServerMetadata } from './authorization-server-metadata.ts'
import type { AuthorizationServerOptions } from './authorization-server-metadata.ts'

const ISSUER = 'https://api.example.com'
const CLIENT_SECRETS = ['client_secret_basic', 'client_secret_post']
const revocation = { url: `${ISSUER}/oauth/revoke`, authMethods: ['none'] }
const introspection = { url: `${ISSUER}/oauth/introspect`, authMethods: CLIENT_SECRETS }

async function documentOf(options: AuthorizationServerOptions): Promise<unknown> {
  return JSON.parse((await authorizationServerMetadata(options).handle(requestOf())).body)
}

describe('authorizationServerMetadata', () => {
  it('says what is mounted, without a list of no elements (RFC 8414 §2)', async () => {
    expect(await documentOf({ issuer: ISSUER, revocation, introspection, scopes: ['jobs:read'] })).toStrictEqual({
      issuer: ISSUER,
      revocation_endpoint: revocation.url,
      revocation_endpoint_auth_methods_supported: ['none'],
      introspection_endpoint: introspection.url,
      introspection_endpoint_auth_methods_supported: CLIENT_SECRETS,
      scopes_supported: ['jobs:read'],
    })
  })

  it('names a token endpoint, keys and a page where there are such', async () => {
    const grantTypes = ['urn:ietf:params:oauth:grant-type:token-exchange']
    const document = await documentOf({
      issuer: ISSUER,
      token: { url: `${ISSUER}/token`, authMethods: ['none'], grantTypes },
      jwksUri: `${ISSUER}/jwks`,
      documentation: 'https://docs.example.com/api#tokens',
    })
    expect(document).toStrictEqual({
      issuer: ISSUER,
      token_endpoint: `${ISSUER}/token`,
      token_endpoint_auth_methods_supported: ['none'],
      jwks_uri: `${ISSUER}/jwks`,
      grant_types_supported: grantTypes,
      service_documentation: 'https://docs.example.com/api#tokens',
    })
  })

  it.each([
    ['https://api.example.com', '/.well-known/oauth-authorization-server'],
    ['https://api.example.com/', '/.well-known/oauth-authorization-server'],
    ['https://api.example.com/tenant', '/.well-known/oauth-authorization-server/tenant'],
    ['https://api.example.com/tenant/', '/.well-known/oauth-authorization-server/tenant'],
  ])('is found between the host and the path of %s (RFC 8414 §3.1)', (issuer, path) => {
    expect(authorizationServerMetadata({ issuer })).toMatchObject({ path, url: `https://api.example.com${path}` })
  })

  it('lets caches keep it as long as its options say', async () => {
    const { handle } = authorizationServerMetadata({ issuer: ISSUER, maxAgeSeconds: 60 })
    expect((await handle(requestOf())).headers).toMatchObject({ 'Cache-Control': 'public, max-age=60' })
  })

  it.each([
    ['issuer', {}],
    ['issuer', { issuer: 'http://api.example.com' }],
    ['issuer', { issuer: `${ISSUER}/?tenant=1` }],
    ['revocation', { issuer: ISSUER, revocation: `${ISSUER}/revoke` }],
    ['url', { issuer: ISSUER, revocation: { url: '/revoke', authMethods: ['none'] } }],
    ['authMethods', { issuer: ISSUER, revocation: { url: revocation.url } }],
    ['authMethods', { issuer: ISSUER, introspection: { ...introspection, authMethods: [] } }],
    ['authMethods', { issuer: ISSUER, introspection: { ...introspection, authMethods: ['none'] } }],
    ['grantTypes', { issuer: ISSUER, token: introspection }],
    ['jwksUri', { issuer: ISSUER, jwksUri: 'jwks' }],
    ['scopes', { issuer: ISSUER, scopes: [] }],
    ['documentation', { issuer: ISSUER, documentation: 'docs' }],
    ['maxAgeSeconds', { issuer: ISSUER, maxAgeSeconds: -1 }],
    ['token_endpoint', { issuer: ISSUER, token_endpoint: `${ISSUER}/token` }],
  ])('refuses to be built with a missing, wrong or unknown option and names it: %s', (name, options) => {
    const build = () => Reflect.apply(authorizationServerMetadata, undefined, [options])
    expect(build).toThrow(TypeError)
    expect(build).toThrow(`"${name}"`)
  })
})
