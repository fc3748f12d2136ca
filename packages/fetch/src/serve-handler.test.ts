import { protectedResourceMetadata, revocationHandler } from '@tessera/http'
import type { HttpRequest } from '@tessera/http'
import { describe, expect, it } from 'vitest'
import { ORIGIN, openTokens } from '../testing/open-tokens.ts'
import { serveHandler } from './serve-handler.ts'

const NEEDS_BASE_PATH = 'serveHandler: option "basePath" is needed, since the handler serves the paths below it'

describe('serveHandler', () => {
  it('revokes by secret wherever the app mounts it, and says from where', async () => {
    const { tokens, secret, events } = await openTokens()
    const revoke = serveHandler(revocationHandler(tokens), { clientAddress: (_, { ip }: { ip: string }) => ip })
    const request = new Request(`${ORIGIN}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: secret }),
    })
    const response = await revoke(request, { ip: '192.0.2.7' })
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, null, ''])
    expect(await tokens.verify(secret)).toMatchObject({ reason: 'revoked' })
    expect(await events()).toContainEqual(expect.objectContaining({ type: 'revoked', ip: '192.0.2.7' }))
  })

  it('serves metadata', async () => {
    const { handle, path } = protectedResourceMetadata({ resource: ORIGIN, authorizationServers: [ORIGIN] })
    expect(await (await serveHandler(handle)(new Request(ORIGIN + path))).json()).toMatchObject({ resource: ORIGIN })
  })

  it('has no body where an answer may have none', async () => {
    const notModified = serveHandler(async () => ({ status: 304, headers: { ETag: '"a"' }, body: '' }))
    const response = await notModified(new Request(ORIGIN))
    expect([response.status, response.body, response.headers.get('etag')]).toEqual([304, null, '"a"'])
  })

  it('needs the base path of a handler that serves below it, and gives it the rest', async () => {
    const handle = async ({ mount, path }: HttpRequest) => ({ status: 200, headers: {}, body: `${mount} ${path}` })
    const below = Object.assign(handle, { servesBelow: true })
    expect(() => serveHandler(below)).toThrow(new TypeError(NEEDS_BASE_PATH))
    const serve = serveHandler(below, { basePath: '/tokens' })
    expect(await (await serve(new Request(`${ORIGIN}/tokens/new`))).text()).toBe('/tokens /new')
  })

  it('takes a handler and known options only', () => {
    expect(() => serveHandler({} as never)).toThrow('serveHandler: give a handler')
    expect(() => serveHandler(async () => ({ status: 200, headers: {}, body: '' }), { ip: 1 } as never)).toThrow('"ip"')
  })
})
