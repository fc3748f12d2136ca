import { describe, expect, it } from 'vitest'
import { requestOf } from '../../testing/request.ts'
import { metadataEndpoint, wellKnownUrl } from './metadata-endpoint.ts'

const URL_OF_IT = 'https://api.example.com/.well-known/oauth-protected-resource/v1'

describe('metadataEndpoint', () => {
  it('serves the document, which caches may keep for an hour', async () => {
    const { path, url, handle } = metadataEndpoint(URL_OF_IT, { resource: 'a', none: undefined })
    expect({ path, url }).toEqual({ path: '/.well-known/oauth-protected-resource/v1', url: URL_OF_IT })
    const answer = {
      status: 200,
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'public, max-age=3600' },
      body: '{"resource":"a"}',
    }
    for (const method of ['GET', 'HEAD']) expect(await handle(requestOf({ method }))).toEqual(answer)
  })

  it('gives each request an answer of its own', async () => {
    const { handle } = metadataEndpoint(URL_OF_IT, {})
    const { headers } = await handle(requestOf())
    Reflect.set(headers, 'Cache-Control', 'changed')
    expect((await handle(requestOf())).headers).toMatchObject({ 'Cache-Control': 'public, max-age=3600' })
  })

  it('lets caches keep it as long as its options say', async () => {
    const { handle } = metadataEndpoint(URL_OF_IT, {}, 0)
    expect((await handle(requestOf())).headers).toMatchObject({ 'Cache-Control': 'public, max-age=0' })
  })

  it.each(['POST', 'PUT', 'OPTIONS'])('refuses %s with 405', async (method) => {
    const answer = await metadataEndpoint(URL_OF_IT, {}).handle(requestOf({ method }))
    expect(answer).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD', 'Cache-Control': 'no-store' } })
  })
})

describe('wellKnownUrl', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com/.well-known/a'],
    ['https://api.example.com/', 'https://api.example.com/.well-known/a'],
    ['https://api.example.com:8443/v1/x', 'https://api.example.com:8443/.well-known/a/v1/x'],
    ['https://api.example.com/v1/', 'https://api.example.com/.well-known/a/v1/'],
  ])('puts the name between the host and the path of %s (RFC 9728 §3.1)', (about, url) => {
    expect(wellKnownUrl('a', about)).toBe(url)
  })
})
