import { describe, expect, it } from 'vitest'
import { protectedResourceMetadata, revocationHandler } from '@tessera/http'
import type { HttpRequest } from '@tessera/http'
import { openApp } from '../testing/open-app.ts'
import { handlerPlugin } from './handler-plugin.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

describe('handlerPlugin', () => {
  it('serves a handler at its prefix alone', async () => {
    const { app, tokens, secret, events } = await openApp()
    app.register(handlerPlugin, {
      prefix: '/oauth/revoke',
      handler: revocationHandler(tokens),
      clientAddress: ({ ip }) => ip,
    })
    const revoke = (url: string) => app.inject({ method: 'POST', url, headers: FORM, payload: `token=${secret}` })
    expect((await revoke('/oauth/revoke/below')).statusCode).toBe(404)
    const answer = await revoke('/oauth/revoke')
    expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([200, '', undefined])
    expect(await tokens.verify(secret)).toMatchObject({ ok: false, reason: 'revoked' })
    expect(await events()).toContainEqual(expect.objectContaining({ ip: '127.0.0.1' }))
    expect((await app.inject('/oauth/revoke')).statusCode).toBe(405)
    const odd = await app.inject({
      method: 'POST',
      url: '/oauth/revoke',
      headers: { 'content-type': 'odd' },
      payload: 'a',
    })
    expect([odd.statusCode, Object.keys(odd.json())]).toEqual([415, ['error', 'error_description']])
  })

  it('serves metadata', async () => {
    const { app } = await openApp()
    const { path, handle } = protectedResourceMetadata({
      resource: 'https://a.test',
      authorizationServers: ['https://a.test'],
    })
    app.register(handlerPlugin, { prefix: path, handler: handle })
    expect((await app.inject(path)).json()).toMatchObject({ resource: 'https://a.test' })
  })

  it('serves the paths below a handler that serves them, with and without a slash at the end', async () => {
    const { app } = await openApp()
    const handle = async ({ mount, path }: HttpRequest) => ({ status: 200, headers: {}, body: `${mount} ${path}` })
    app.register(handlerPlugin, { prefix: '/tokens', handler: Object.assign(handle, { servesBelow: true }) })
    const bodies = ['/tokens', '/tokens/', '/tokens/new/'].map(async (url) => (await app.inject(url)).body)
    expect(await Promise.all(bodies)).toEqual(['/tokens /', '/tokens /', '/tokens /new/'])
  })

  it.each([
    ['nothing to serve', {}, /^handlerPlugin: .*"handler"/],
    [
      'a slash at the end of its prefix',
      { prefix: '/a/', handler: async () => ({}) },
      /the prefix must be \/a, without/,
    ],
    ['an unknown option', { handler: async () => ({}), caller: null }, /^handlerPlugin: .*"caller"/],
  ])('is not registered with %s', async (_title, wrong, message) => {
    const { app } = await openApp()
    app.register(handlerPlugin, { prefix: '/a', ...wrong } as never)
    await expect(app.ready()).rejects.toThrow(message)
  })
})
