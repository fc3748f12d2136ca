import { describe, expect, it } from 'vitest'
import { requestOf } from '../../testing/request.ts'
import { protectedResourceMetadata } from './protected-resource-metadata.ts'
import type { ProtectedResourceOptions } from './protected-resource-metadata.ts'

const RESOURCE = 'https://api.example.com/v1'

async function documentOf(options: ProtectedResourceOptions): Promise<unknown> {
  return JSON.parse((await protectedResourceMetadata(options).handle(requestOf())).body)
}

describe('protectedResourceMetadata', () => {
  it('says that tokens come in the header, if it knows no more', async () => {
    expect(await documentOf({ resource: RESOURCE })).toStrictEqual({
      resource: RESOURCE,
      bearer_methods_supported: ['header'],
    })
  })

  it('says whose tokens the API takes, and how (RFC 9728 §2)', async () => {
    const document = await documentOf({
      resource: RESOURCE,
      authorizationServers: ['https://api.example.com'],
      scopes: ['jobs:read', 'jobs:write'],
      bearerMethods: ['header', 'query'],
      name: 'Jobs',
      documentation: 'https://docs.example.com',
    })
    expect(document).toStrictEqual({
      resource: RESOURCE,
      authorization_servers: ['https://api.example.com'],
      scopes_supported: ['jobs:read', 'jobs:write'],
      bearer_methods_supported: ['header', 'query'],
      resource_name: 'Jobs',
      resource_documentation: 'https://docs.example.com',
    })
  })

  it('is found between the host and the path of the API, of which no slash is lost (RFC 9728 §3.1)', () => {
    const path = '/.well-known/oauth-protected-resource'
    expect(protectedResourceMetadata({ resource: 'https://api.example.com' }).path).toBe(path)
    expect(protectedResourceMetadata({ resource: RESOURCE }).url).toBe(`https://api.example.com${path}/v1`)
    expect(protectedResourceMetadata({ resource: `${RESOURCE}/` }).path).toBe(`${path}/v1/`)
  })

  it.each([
    ['resource', {}],
    ['resource', { resource: 'jobs' }],
    ['authorizationServers', { resource: RESOURCE, authorizationServers: 'https://api.example.com' }],
    ['authorizationServers', { resource: RESOURCE, authorizationServers: ['api.example.com'] }],
    ['scopes', { resource: RESOURCE, scopes: ['jobs read'] }],
    ['bearerMethods', { resource: RESOURCE, bearerMethods: ['form'] }],
    ['name', { resource: RESOURCE, name: 7 }],
    ['documentation', { resource: RESOURCE, documentation: 'docs' }],
    ['maxAgeSeconds', { resource: RESOURCE, maxAgeSeconds: 0.5 }],
    ['issuer', { resource: RESOURCE, issuer: 'https://api.example.com' }],
  ])('refuses to be built with a missing, wrong or unknown option and names it: %s', (name, options) => {
    const build = () => Reflect.apply(protectedResourceMetadata, undefined, [options])
    expect(build).toThrow(TypeError)
    expect(build).toThrow(`"${name}"`)
  })
})
