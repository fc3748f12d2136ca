import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { forge } from '../testing/forge.ts'
import { AUDIENCE, HOUR, ISSUER, KEY, NOW, openAccess } from '../testing/open-access.ts'
import { requestOf } from '../testing/request.ts'
import type { AccessTokens } from './access-tokens.ts'
import { createAccessVerifier } from './access-verifier.ts'
import type { OfflineVerifierOptions } from './access-verifier.ts'
import { keySetHandler } from './key-set-handler.ts'
import { ALGORITHMS, generateAccessKey } from './keys/access-key.ts'

/** Serves the key set of access tokens until the test ends, and counts how often it is read. */
async function serveKeys(access: AccessTokens) {
  const handle = keySetHandler(access)
  const served = { reads: 0, isDown: false }
  const server = createServer((req, res) => {
    served.reads += 1
    if (served.isDown) return void res.writeHead(500).end()
    void handle(requestOf({ method: req.method ?? '', headers: req.headersDistinct })).then((answer) =>
      res.writeHead(answer.status, answer.headers).end(answer.body),
    )
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { served, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`) }
}

const EXPECTED = { issuer: ISSUER, audience: AUDIENCE, parent: 'unchecked', now: () => NOW } as const

describe('createAccessVerifier', () => {
  it.each(ALGORITHMS)('verifies by the key set alone what was signed with %s', async (alg) => {
    const { access, secret, parent } = await openAccess({ keys: [{ key: await generateAccessKey(alg) }] })
    const { url, served } = await serveKeys(access)
    const { jwt, token } = await access.exchange(secret, { scopes: ['jobs:read'] })
    for (const keys of [access.keySet(), url]) {
      const verifier = createAccessVerifier({ ...EXPECTED, keys })
      for (const _ of ['first', 'second']) expect(await verifier.verify(jwt)).toEqual({ ok: true, token })
    }
    expect(token).toMatchObject({ owner: 'acme', scopes: ['jobs:read'], parent: { id: parent.id } })
    expect(served.reads).toBe(1)
  })

  it('accepts until it expires what is derived from a revoked token, which the check of parents refuses', async () => {
    const { access, tokens, secret, parent } = await openAccess()
    const { jwt } = await access.exchange(secret)
    const clock = { now: NOW }
    const verifier = createAccessVerifier({ ...EXPECTED, keys: access.keySet(), now: () => clock.now })
    await tokens.revoke('acme', parent.id)
    expect(await verifier.verify(jwt)).toMatchObject({ ok: true })
    expect(await access.verify(jwt)).toEqual({ ok: false, reason: 'revoked' })
    clock.now = NOW + HOUR
    expect(await verifier.verify(jwt)).toEqual({ ok: false, reason: 'expired' })
  })

  it('is rejected with scopes to ask for, which nobody would look at', async () => {
    const { access, secret } = await openAccess()
    const { jwt } = await access.exchange(secret)
    const verifier = createAccessVerifier({ ...EXPECTED, keys: access.keySet() })
    for (const verb of ['verify', 'authenticate'] as const) {
      const asking = Reflect.apply(verifier[verb], verifier, [jwt, { scopes: ['admin'] }])
      await expect(asking).rejects.toThrow('is verified without options: compare the scopes of the answer')
    }
  })

  it('authenticates: what the access token says, or null', async () => {
    const { access, secret } = await openAccess()
    const { jwt, token } = await access.exchange(secret)
    const verifier = createAccessVerifier({ ...EXPECTED, keys: access.keySet() })
    expect(await verifier.authenticate(jwt)).toEqual(token)
    for (const text of ['eyJ', undefined]) expect(await verifier.authenticate(text)).toBeNull()
  })

  it('checks the parent where it is given the tokens, and needs no private key for it', async () => {
    const { access, tokens, secret, parent } = await openAccess()
    const { jwt } = await access.exchange(secret, { scopes: ['jobs:read'] })
    const verifier = createAccessVerifier({ ...EXPECTED, keys: access.keySet(), parent: tokens })
    expect(await verifier.verify(jwt)).toEqual(await access.verify(jwt))
    expect(await verifier.verify(jwt, { scopes: ['jobs:write'] })).toEqual({ ok: false, reason: 'insufficient_scope' })
    expect(verifier.permits({ scopes: ['jobs:read'] }, { scopes: ['jobs:read'] })).toBe(true)
    await tokens.revoke('acme', parent.id)
    expect(await verifier.verify(jwt)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('refuses what was signed by other keys or for others, and what names no key', async () => {
    const { access, secret } = await openAccess({ otherAudiences: ['https://logs.test'] })
    const keys = access.keySet()
    const { jwt } = await access.exchange(secret)
    const other = await openAccess({ keys: [{ key: await generateAccessKey() }] })
    const { jwt: foreign } = await other.access.exchange(other.secret)
    const { jwt: misdirected } = await access.exchange(secret, { audience: 'https://logs.test' })
    const { verify } = createAccessVerifier({ ...EXPECTED, keys })
    expect(await verify(foreign)).toEqual({ ok: false, reason: 'malformed' })
    expect(await verify(await forge(jwt, { header: { kid: undefined } }))).toEqual({ ok: false, reason: 'malformed' })
    expect(await verify(misdirected)).toEqual({ ok: false, reason: 'unknown' })
    expect(await verify(undefined)).toEqual({ ok: false, reason: 'missing' })
  })

  it('rejects with a StoreError when the key set cannot be read', async () => {
    const { access, secret } = await openAccess()
    const { url, served } = await serveKeys(access)
    const { jwt } = await access.exchange(secret)
    const clock = { now: NOW }
    const { verify } = createAccessVerifier({ ...EXPECTED, keys: url, now: () => clock.now })
    served.isDown = true
    for (const _ of ['first', 'second']) await expect(verify(jwt)).rejects.toMatchObject({ name: 'StoreError' })
    expect(served.reads).toBe(1)
    served.isDown = false
    clock.now += 1_000
    expect(await verify(jwt)).toMatchObject({ ok: true })
  })

  it('refuses made-up names of keys, and reads the key set again for few of them', async () => {
    const { access, secret } = await openAccess()
    const { url, served } = await serveKeys(access)
    const { jwt } = await access.exchange(secret)
    const clock = { now: NOW }
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { verify } = createAccessVerifier({ ...EXPECTED, keys: url, now: () => clock.now })
    const forged = await Promise.all(['a', 'b', 'c'].map((kid) => forge(jwt, { header: { kid } })))
    const verifyAll = () => Promise.allSettled(forged.map((each) => verify(each)))
    const malformed = forged.map(() => ({ value: { ok: false, reason: 'malformed' } }))
    await verify(jwt)
    expect(await verifyAll()).toMatchObject(malformed)
    vi.setSystemTime(Date.now() + 31_000)
    expect(await verifyAll()).toMatchObject(malformed)
    expect(served.reads).toBe(2)
    vi.setSystemTime(Date.now() + 31_000)
    served.isDown = true
    for (const each of forged) await expect(verify(each)).rejects.toMatchObject({ name: 'StoreError' })
    expect(served.reads).toBe(3)
    expect(await verify(jwt)).toMatchObject({ ok: true })
  })

  it('reads keys from https and from loopback addresses, and follows no redirect to another place', async () => {
    const { access, secret } = await openAccess()
    const { url } = await serveKeys(access)
    const { jwt } = await access.exchange(secret)
    const redirect = createServer((_req, res) => res.writeHead(302, { location: url.href }).end())
    await new Promise<void>((resolve) => void redirect.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void redirect.close())
    const elsewhere = new URL(`http://localhost:${(redirect.address() as AddressInfo).port}/`)
    await expect(createAccessVerifier({ ...EXPECTED, keys: elsewhere }).verify(jwt)).rejects.toThrow('read the key set')
    for (const keys of ['https://acme.test/keys', 'http://[::1]/keys', 'http://localhost/keys']) {
      expect(() => createAccessVerifier({ ...EXPECTED, keys: new URL(keys) })).not.toThrow()
    }
  })

  it.each([
    ['parent', [undefined, 'checked', true, {}, { verify: () => {} }]],
    ['keys', [undefined, null, {}, [], { keys: 7 }, 'https://acme.test/keys', new URL('file:///keys')]],
    ['keys', ['http://acme.test/keys', 'http://10.0.0.1/', 'https://user:word@acme.test/'].map((url) => new URL(url))],
    ['issuer', [undefined, 'acme']],
    ['audience', [undefined, '']],
    ['clockToleranceSeconds', [-1]],
    ['now', [7]],
  ])('refuses a %s that is wrong, by its name', (name, values) => {
    const good = { ...EXPECTED, keys: { keys: [] } }
    for (const value of values) {
      const options = { ...good, [name]: value } as OfflineVerifierOptions
      expect(() => createAccessVerifier(options)).toThrow(`createAccessVerifier: option "${name}" must be`)
    }
  })
})

describe('an API that only has the URL of the key set', () => {
  it.each(ALGORITHMS)('verifies with jose what was signed with %s, also by a key that follows', async (alg) => {
    const next = { key: await generateAccessKey(alg), startsAt: new Date(NOW + HOUR) }
    const { access, clock, secret } = await openAccess({ keys: [{ key: KEY }, next] })
    const { url, served } = await serveKeys(access)
    const keySet = createRemoteJWKSet(url)
    for (const at of [NOW, NOW + HOUR]) {
      clock.now = at
      const { jwt, token } = await access.exchange(secret)
      const { payload, protectedHeader } = await jwtVerify(jwt, keySet, {
        ...{ issuer: ISSUER, audience: AUDIENCE, typ: 'at+jwt', algorithms: ['EdDSA', alg] },
        currentDate: new Date(at),
      })
      expect(protectedHeader.alg).toBe(at === NOW ? 'EdDSA' : alg)
      expect(payload).toMatchObject({ sub: 'acme', jti: token.id })
    }
    expect(served.reads).toBe(1)
  })
})
