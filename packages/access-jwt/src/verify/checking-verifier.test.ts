import type { Refused, TokenEvent } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { retentionAt } from '../../../../test/support/sample-change.ts'
import { HOUR, NOW, openAccess } from '../../testing/open-access.ts'
import type { OpenAccess } from '../../testing/open-access.ts'

async function exchanged(...args: Parameters<typeof openAccess>): Promise<OpenAccess & { jwt: string }> {
  const opened = await openAccess(...args)
  return { ...opened, jwt: (await opened.access.exchange(opened.secret)).jwt }
}

describe('checkingVerifier', () => {
  it('answers with the parent, narrowed to the access token, in one store call', async () => {
    const { access, secret, parent, weather } = await exchanged()
    const { jwt, token } = await access.exchange(secret, { scopes: ['jobs:read'] })
    weather.calls = 0
    const { expiresAt } = token
    const credentialEndsAt = new Date(expiresAt.getTime() + 5_000)
    const narrowed = { ...parent, lastUsedAt: new Date(NOW), scopes: ['jobs:read'], expiresAt, credentialEndsAt }
    expect(await access.verify(jwt)).toEqual({ ok: true, token: narrowed })
    expect(weather.calls).toBe(1)
  })

  it('is rejected for an unknown option, whatever the access token', async () => {
    const { access } = await openAccess()
    const options = { scope: ['jobs:read'] } as never
    for (const verb of ['verify', 'authenticate'] as const) {
      await expect(access[verb]('eyJ', options)).rejects.toThrow('unknown option "scope"; the options are scopes,')
    }
  })

  it('authenticates: the parent that verify answers with, or null', async () => {
    const { access, tokens, parent, jwt } = await exchanged()
    const verification = await access.verify(jwt)
    expect(await access.authenticate(jwt)).toEqual(verification.ok && verification.token)
    for (const text of ['eyJ', undefined]) expect(await access.authenticate(text)).toBeNull()
    expect(await access.authenticate(jwt, { scopes: ['jobs:delete'] })).toBeNull()
    await tokens.revoke('acme', parent.id)
    expect(await access.authenticate(jwt)).toBeNull()
  })

  it('announces a scope that the access token lacks, as one that the parent lacks, and tells the app', async () => {
    const events: TokenEvent[] = []
    const { access, tokens, secret, parent } = await openAccess({}, { onEvent: (event) => void events.push(event) })
    const { jwt } = await access.exchange(secret, { scopes: ['jobs:read'] })
    const told: Refused[] = []
    const options = {
      scopes: ['jobs:write'],
      context: { requestId: 'req-1' },
      onRefusal: (each: Refused) => void told.push(each),
    }
    expect(await access.verify(jwt, options)).toEqual({ ok: false, reason: 'insufficient_scope' })
    await tokens.close()
    expect(told).toMatchObject([{ reason: 'insufficient_scope', token: { id: parent.id, scopes: ['jobs:read'] } }])
    const refused = { reason: 'insufficient_scope', tokenId: parent.id, requestId: 'req-1' }
    expect(events.filter(({ type }) => type === 'refused')).toMatchObject([refused])
  })

  it('refuses an access token as soon as its parent is revoked or suspended, and no longer', async () => {
    const { access, tokens, parent, jwt } = await exchanged()
    await tokens.suspend('acme', parent.id)
    expect(await access.verify(jwt)).toEqual({ ok: false, reason: 'suspended' })
    await tokens.resume('acme', parent.id)
    expect(await access.verify(jwt)).toMatchObject({ ok: true })
    await tokens.revoke('acme', parent.id)
    expect(await access.verify(jwt)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('refuses it from the instant on at which its parent expires, whatever clocks are allowed to differ', async () => {
    const { access, clock, jwt } = await exchanged({}, { expiresAt: new Date(NOW + 60_000) })
    clock.now = NOW + 59_999
    expect(await access.verify(jwt)).toMatchObject({ ok: true })
    clock.now = NOW + 60_000
    expect(await access.verify(jwt)).toEqual({ ok: false, reason: 'expired' })
  })

  it('answers that it ends with its parent, if that ends first: also if it was rotated since', async () => {
    const { access, clock, tokens, parent, jwt } = await exchanged({ lifetimeMs: HOUR })
    expect(await access.verify(jwt)).toMatchObject({ token: { expiresAt: new Date(NOW + HOUR) } })
    await tokens.rotate('acme', parent.id, { overlapMs: 60_000 })
    expect(await access.verify(jwt)).toMatchObject({ token: { expiresAt: new Date(NOW + 60_000) } })
    clock.now = NOW + 60_000
    expect(await access.verify(jwt)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('goes by the networks and the expiry that its parent was given since', async () => {
    const { access, clock, tokens, parent, jwt } = await exchanged({ lifetimeMs: HOUR })
    const networks = ['192.0.2.0/24']
    await tokens.edit('acme', parent.id, { networks, expiresAt: new Date(NOW + 60_000) })
    for (const ip of [undefined, '198.51.100.7'])
      expect(await access.verify(jwt, { ip })).toEqual({ ok: false, reason: 'network_not_allowed' })
    expect(await access.verify(jwt, { ip: '192.0.2.7' })).toMatchObject({
      ...{ ok: true, token: { networks, expiresAt: new Date(NOW + 60_000) } },
    })
    clock.now = NOW + 60_000
    expect(await access.verify(jwt, { ip: '192.0.2.7' })).toEqual({ ok: false, reason: 'expired' })
  })

  it('refuses it when its parent is gone', async () => {
    const { access, tokens, store, parent, jwt } = await exchanged()
    await tokens.revoke('acme', parent.id)
    await store.prune(retentionAt(NOW + HOUR))
    expect(await access.verify(jwt)).toEqual({ ok: false, reason: 'unknown' })
  })

  it('takes away the scopes that the parent has lost', async () => {
    const { access, weather, jwt } = await exchanged()
    expect(await access.verify(jwt, { scopes: ['jobs:write'] })).toMatchObject({ ok: true })
    weather.scopes = ['jobs:read', 'jobs:delete']
    expect(await access.verify(jwt)).toMatchObject({ ok: true, token: { scopes: ['jobs:read'] } })
    for (const scope of ['jobs:write', 'jobs:delete']) {
      expect(await access.verify(jwt, { scopes: [scope] })).toEqual({ ok: false, reason: 'insufficient_scope' })
    }
  })

  it('leaves of a wildcard what both still cover', async () => {
    const { access, weather, jwt } = await exchanged({}, { scopes: ['jobs:*'], wildcards: true })
    expect(await access.verify(jwt, { scopes: ['jobs:write'] })).toMatchObject({ ok: true })
    weather.scopes = ['jobs:read', 'logs:read']
    expect(await access.verify(jwt)).toMatchObject({ ok: true, token: { scopes: ['jobs:read'] } })
    weather.scopes = ['*', 'jobs:*']
    expect(await access.verify(jwt)).toMatchObject({ ok: true, token: { scopes: ['jobs:*'] } })
  })

  it('asks no store about a token that was not signed here, or has expired', async () => {
    const { access, clock, weather, jwt } = await exchanged()
    weather.calls = 0
    await access.verify(`${jwt.slice(0, -9)}AAAAAAAA${jwt.at(-1)}`)
    clock.now = NOW + HOUR
    expect(await access.verify(jwt)).toEqual({ ok: false, reason: 'expired' })
    expect(weather.calls).toBe(0)
  })

  it('rejects when the store does', async () => {
    const { access, weather, jwt } = await exchanged()
    weather.error = new Error('ECONNREFUSED')
    await expect(access.verify(jwt)).rejects.toMatchObject({ name: 'StoreError' })
  })

  it('counts as a use of the parent', async () => {
    const { access, clock, tokens, parent, jwt } = await exchanged()
    await tokens.flush()
    clock.now = NOW + 100_000
    await access.verify(jwt)
    await tokens.flush()
    expect((await tokens.get('acme', parent.id))?.lastUsedAt).toEqual(new Date(NOW + 100_000))
  })
})
