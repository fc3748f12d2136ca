import { shardOf } from '@tessera/core'
import type { TokenEvent } from '@tessera/core'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { AUDIENCE, CI, ISSUER, KEY, NOW, openAccess } from '../testing/open-access.ts'
import { loadAccessKey } from './keys/access-key.ts'
import type { ExchangeRequest } from './exchange-token.ts'

const failing = (code: string) => ({ name: 'ExchangeError', code })

describe('exchangeToken', () => {
  it('signs the header and the claims of RFC 9068 §2', async () => {
    const { access, secret, parent } = await openAccess()
    const { jwt, token } = await access.exchange(secret)
    const kid = loadAccessKey(KEY)?.published.kid
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid })
    expect(decodeJwt(jwt)).toEqual({
      iss: ISSUER,
      sub: 'acme',
      aud: AUDIENCE,
      iat: NOW / 1_000,
      exp: NOW / 1_000 + 300,
      jti: token.id,
      client_id: parent.id,
      scope: 'jobs:read jobs:write',
      tessera_parent: parent.id,
      tessera_shard: shardOf('acme'),
    })
    expect(jwt).not.toContain(secret)
    expect((await access.exchange(secret)).token.id).not.toBe(token.id)
  })

  it('lets it expire after lifetimeMs, in whole seconds, and never later than the token', async () => {
    const expiresAt = new Date(NOW + 90_900)
    const { access, clock, secret } = await openAccess({ lifetimeMs: 60_000 }, { expiresAt })
    const expiry = async () => (await access.exchange(secret)).token.expiresAt.getTime() - NOW
    clock.now = NOW + 700
    expect(await expiry()).toBe(60_000)
    clock.now = NOW + 60_000
    expect(await expiry()).toBe(90_000)
    clock.now = NOW + 89_999
    expect(await expiry()).toBe(90_000)
    clock.now = NOW + 90_000
    await expect(access.exchange(secret)).rejects.toMatchObject(failing('invalid_request'))
  })

  it('is reported as an event: who, from which token, for which scopes and audience, until when', async () => {
    const events: TokenEvent[] = []
    const { access, tokens, secret, parent } = await openAccess({}, { onEvent: (event) => void events.push(event) })
    const context = { ip: '192.0.2.7', requestId: 'r1' }
    const { jwt, token } = await access.exchange(secret, { scopes: ['jobs:read'], by: 'ci@acme.test', context })
    await expect(access.exchange(secret, { scopes: ['jobs:delete'] })).rejects.toMatchObject(failing('invalid_scope'))
    await expect(access.exchange('unknown')).rejects.toMatchObject(failing('invalid_request'))
    await tokens.close()
    expect(events.filter(({ type }) => type === 'exchanged')).toEqual([
      {
        ...{ type: 'exchanged', at: new Date(NOW), by: 'ci@acme.test', byToken: parent.id, ...context },
        ...{ owner: 'acme', tokenId: parent.id, preview: parent.preview },
        ...{ accessTokenId: token.id, scopes: ['jobs:read'], audience: AUDIENCE, until: token.expiresAt },
      },
    ])
    for (const hidden of [jwt, secret]) expect(JSON.stringify(events)).not.toContain(hidden)
  })

  it('lets it end with the overlap of a token that was rotated', async () => {
    const { access, tokens, secret, parent } = await openAccess({ lifetimeMs: 86_400_000 })
    await tokens.rotate('acme', parent.id, { overlapMs: 60_000 })
    const { token, jwt } = await access.exchange(secret)
    expect(token.expiresAt).toEqual(new Date(NOW + 60_000))
    expect(decodeJwt(jwt).exp).toBe(NOW / 1_000 + 60)
  })

  it('exchanges no token that is bound to networks', async () => {
    const { access, tokens } = await openAccess()
    const { secret } = await tokens.issue({ ...CI, networks: ['192.0.2.0/24'] })
    await expect(access.exchange(secret)).rejects.toMatchObject(failing('invalid_request'))
  })

  it('grants fewer scopes where fewer are asked for, and never more', async () => {
    const { access, secret } = await openAccess()
    const granted = async (scopes: readonly string[]) => (await access.exchange(secret, { scopes })).token.scopes
    expect(await granted(['jobs:write', 'jobs:write'])).toEqual(['jobs:write'])
    expect(await granted([])).toEqual([])
    for (const scopes of [['jobs:*'], ['jobs:delete', 'jobs:read'], [''], ['jobs:read jobs:write'], ['a"']]) {
      await expect(granted(scopes)).rejects.toMatchObject(failing('invalid_scope'))
    }
  })

  it.each<[string, unknown]>([
    ['unknown option "scope"; the options are scopes, audience, resource, by, context', { scope: ['jobs:read'] }],
    ['context: unknown option "requestID"', { context: { requestID: 'req-1' } }],
    ['option "scopes" must be a list of scopes', { scopes: 'jobs:read' }],
    ['options must be an object, got an array', ['jobs:read']],
  ])('is rejected where it would grant every scope by mistake: %s', async (message, request) => {
    const { access, secret } = await openAccess()
    await expect(access.exchange(secret, request as ExchangeRequest)).rejects.toThrow(`exchange: ${message}`)
  })

  it('grants what a wildcard covers, if it is a scope', async () => {
    const { access, secret } = await openAccess({}, { scopes: ['jobs:*'], wildcards: true })
    expect((await access.exchange(secret, { scopes: ['jobs:read'] })).token.scopes).toEqual(['jobs:read'])
    await expect(access.exchange(secret, { scopes: ['jobs:a b'] })).rejects.toMatchObject(failing('invalid_scope'))
  })

  it('issues for the audiences that are named, and accepts only its own', async () => {
    const other = 'https://logs.acme.test'
    const { access, secret } = await openAccess({ otherAudiences: [other] })
    expect(await access.verify((await access.exchange(secret, { audience: AUDIENCE })).jwt)).toMatchObject({ ok: true })
    const { jwt } = await access.exchange(secret, { audience: other })
    expect(decodeJwt(jwt).aud).toBe(other)
    expect(await access.verify(jwt)).toEqual({ ok: false, reason: 'unknown' })
    await expect(access.exchange(secret, { audience: `${other}/` })).rejects.toMatchObject(failing('invalid_target'))
  })

  it('has one answer for every token that may not be used, an access token included', async () => {
    const { access, tokens, secret, parent } = await openAccess()
    const { jwt } = await access.exchange(secret)
    await tokens.suspend('acme', parent.id)
    const { secret: revoked, token } = await tokens.issue({ owner: 'acme', name: 'Revoked', scopes: [] })
    await tokens.revoke('acme', token.id)
    const messages = [secret, revoked, jwt, 'malformed', ''].map((each) =>
      access.exchange(each).catch((error: unknown) => error),
    )
    const [first, ...others] = await Promise.all(messages)
    expect(first).toMatchObject({ ...failing('invalid_request'), message: 'The token to exchange is not valid.' })
    expect(others).toEqual(others.map(() => first))
  })

  it('refuses to sign what would be too long to be accepted', async () => {
    const scopes = Array.from({ length: 100 }, (_, number) => `${'s'.repeat(120)}:${number}`)
    const { access, secret } = await openAccess({}, { scopes })
    await expect(access.exchange(secret)).rejects.toMatchObject(failing('invalid_scope'))
    const { jwt } = await access.exchange(secret, { scopes: scopes.slice(0, 40) })
    expect(await access.verify(jwt)).toMatchObject({ ok: true })
  })

  it('rejects when the store does', async () => {
    const { access, weather, secret } = await openAccess()
    weather.error = new Error('ECONNREFUSED')
    await expect(access.exchange(secret)).rejects.toMatchObject({ name: 'StoreError' })
  })
})
