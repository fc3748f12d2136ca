import { clientSecrets, revocationHandler } from '@tessera/http'
import type { RevocationOptions } from '@tessera/http'
import { describe, expect, it } from 'vitest'
import { forge } from '../testing/forge.ts'
import { AUDIENCE, CI, HOUR, NOW, openAccess } from '../testing/open-access.ts'
import { requestOf } from '../testing/request.ts'
import { generateAccessKey } from './keys/access-key.ts'

const OTHER = 'https://logs.acme.test'
const DONE = { status: 200, body: '' }
const UNSUPPORTED = { status: 400, body: '{"error":"unsupported_token_type"}' }

async function open(options: Omit<RevocationOptions, 'accessTokens'> = {}) {
  const opened = await openAccess({ otherAudiences: [OTHER] })
  const { tokens, access, secret } = opened
  const handle = revocationHandler(tokens, { accessTokens: access, onError: () => {}, ...options })
  const headers = { 'content-type': ['application/x-www-form-urlencoded'] }
  const revoke = (token: string, more = '') =>
    handle(requestOf({ method: 'POST', headers, body: `token=${token}${more}` }))
  const { jwt } = await access.exchange(secret)
  const { jwt: forOther } = await access.exchange(secret, { audience: OTHER })
  return { ...opened, revoke, jwt, forOther }
}

describe('revocationHandler with access tokens (RFC 7009)', () => {
  it('says of a live one that its type is not supported, and leaves all as it is', async () => {
    const { access, tokens, revoke, jwt, forOther, secret, parent } = await open()
    for (const live of [jwt, forOther]) await expect(revoke(live)).resolves.toMatchObject(UNSUPPORTED)
    expect(await access.verify(jwt)).toMatchObject({ ok: true })
    expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    await tokens.suspend('acme', parent.id)
    await expect(revoke(jwt)).resolves.toMatchObject(UNSUPPORTED)
  })

  it.each(['jwt', 'forOther'] as const)(
    'ends its parent with revokesParent, and so all of its kind: %s',
    async (which) => {
      const opened = await open({ revokesParent: true })
      const { access, tokens, revoke, jwt, secret, parent } = opened
      await expect(revoke(opened[which])).resolves.toMatchObject(DONE)
      expect(await access.verify(jwt)).toEqual({ ok: false, reason: 'revoked' })
      expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
      expect(await tokens.get('acme', parent.id)).toMatchObject({
        revokedAt: new Date(NOW),
        revokedReason: 'requested',
      })
    },
  )

  it.each([false, true])(
    'answers 200 for one that is not live, or not from here, and ends nothing: %j',
    async (revokesParent) => {
      const { clock, tokens, revoke, jwt, secret } = await open({ revokesParent })
      const elsewhere = await openAccess({ keys: [{ key: await generateAccessKey() }] })
      const { jwt: foreign } = await elsewhere.access.exchange(elsewhere.secret)
      const forged = await forge(jwt, { claims: { aud: 'https://other.test' } })
      for (const text of [foreign, forged, `${jwt}=`, `${jwt.slice(0, -9)}AAAAAAAA${jwt.at(-1)}`, 'a.b.c', 'eyJ.'])
        await expect(revoke(text)).resolves.toMatchObject(DONE)
      clock.now = NOW + HOUR
      await expect(revoke(jwt)).resolves.toMatchObject(DONE)
      expect(await tokens.verify(secret)).toMatchObject({ ok: true })
    },
  )

  it.each([false, true])('answers 200 for one whose parent has ended: %j', async (revokesParent) => {
    const { tokens, clock, revoke, jwt, parent, access } = await open({ revokesParent })
    await tokens.revoke('acme', parent.id)
    const short = await tokens.issue({ ...CI, expiresAt: new Date(NOW + 2_000) })
    const { jwt: expiring } = await access.exchange(short.secret)
    clock.now = NOW + 2_000
    for (const text of [jwt, expiring]) await expect(revoke(text)).resolves.toMatchObject(DONE)
    expect(await tokens.get('acme', parent.id)).toMatchObject({ revokedAt: new Date(NOW) })
  })

  it('revokes a token by its secret as ever', async () => {
    const { tokens, revoke, secret } = await open()
    await expect(revoke(secret)).resolves.toMatchObject(DONE)
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('ends the parent only for a client that may revoke it', async () => {
    const client = clientSecrets({ ci: 'a secret of the client' })
    const credentials = '&client_id=ci&client_secret=a+secret+of+the+client'
    const refused = await open({ client, revokesParent: true, mayRevoke: (_, { owner }) => owner !== 'acme' })
    await expect(refused.revoke(refused.jwt)).resolves.toMatchObject({ status: 401 })
    await expect(refused.revoke(refused.jwt, credentials)).resolves.toMatchObject({
      ...{ status: 400, body: '{"error":"unauthorized_client"}' },
    })
    expect(await refused.access.verify(refused.jwt)).toMatchObject({ ok: true })
    const allowed = await open({ client, revokesParent: true, mayRevoke: () => true })
    await expect(allowed.revoke(allowed.jwt, credentials)).resolves.toMatchObject(DONE)
    expect(await allowed.access.verify(allowed.jwt)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('answers a store failure with 503', async () => {
    const { weather, revoke, jwt } = await open()
    weather.error = new Error('ECONNREFUSED')
    await expect(revoke(jwt)).resolves.toMatchObject({ status: 503 })
  })
})

describe('parentOf', () => {
  it('names the parent of what was signed here for any audience, also of a revoked one, and of nothing else', async () => {
    const { access, tokens, parent, jwt, forOther, secret } = await open()
    for (const text of [jwt, forOther]) expect(await access.parentOf(text)).toEqual({ owner: 'acme', id: parent.id })
    const stray = await forge(jwt, { claims: { aud: `${AUDIENCE}/` } })
    for (const text of ['', secret, stray, `${jwt} `]) expect(await access.parentOf(text)).toBeNull()
    await tokens.revoke('acme', parent.id)
    expect(await access.parentOf(jwt)).toEqual({ owner: 'acme', id: parent.id })
  })
})
