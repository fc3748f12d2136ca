import { describe, expect, it } from 'vitest'
import { plain } from '@tessera/http'
import { openApp } from '../testing/open-app.ts'
import { getAuth } from './auth.ts'
import { tessera } from './tessera.ts'

describe('tessera', () => {
  it('gives the app requireToken, with the options in common', async () => {
    const { app, tokens, ask } = await openApp()
    await app.register(tessera, { tokens, dialect: plain, realm: 'jobs' })
    app.get(
      '/jobs',
      { onRequest: app.requireToken({ scopes: ['jobs:read'] }) },
      async (request) => getAuth(request).owner,
    )
    app.get('/own', { onRequest: app.requireToken({ realm: 'own' }) }, async () => 'own')

    expect((await ask('GET', '/jobs')).body).toBe('acme')
    const nobody = await app.inject('/jobs')
    expect([nobody.headers['www-authenticate'], nobody.json()]).toEqual([
      'Bearer realm="jobs"',
      { error: expect.any(Object) },
    ])
    expect((await app.inject('/own')).headers['www-authenticate']).toBe('Bearer realm="own"')
  })

  it('keeps an option in common that a route leaves undefined', async () => {
    const { app, tokens, ask } = await openApp()
    await app.register(tessera, { tokens, scopeRequired: true })
    app.get('/jobs', { onRequest: app.requireToken({ scopeRequired: undefined } as never) }, async () => 'open')
    expect((await ask('GET', '/jobs')).statusCode).toBe(403)
  })

  it.each([
    ['no tokens', {}, /tessera/],
    ['an unknown option', { dialekt: plain }, /^tessera: .*"dialekt"/],
    ['the scopes of a route', { scopes: ['a'] }, /^tessera: option "scopes"/],
  ])('is not registered with %s', async (title, options, message) => {
    const { app, tokens } = await openApp()
    app.register(tessera, { ...(title !== 'no tokens' && { tokens }), ...options } as never)
    await expect(app.ready()).rejects.toThrow(message)
  })

  it('refuses a slip in the options of a route', async () => {
    const { app, tokens } = await openApp()
    await app.register(tessera, { tokens })
    expect(() => app.requireToken({ scope: ['a'] } as never)).toThrow(/^requireToken: .*"scope"/)
  })
})
