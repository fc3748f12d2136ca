import type { TokenEvent } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import { requestOf } from '../../testing/request.ts'
import { plain } from '../dialects/plain.ts'
import { clientSecrets } from './client-secrets.ts'
import { revocationHandler } from './revocation-handler.ts'
import type { RevocationOptions } from './revocation-options.ts'

const FORM = { 'content-type': ['application/x-www-form-urlencoded'] }
const CI = { owner: OWNER, name: 'CI', scopes: [] }

function open(options: RevocationOptions = {}) {
  const { tokens, clock, outage } = openApi(plain)
  const reported: Error[] = []
  const handle = revocationHandler(tokens, { onError: (error) => void reported.push(error), ...options })
  const post = (body: unknown, headers: Record<string, string[]> = FORM) =>
    handle(requestOf({ method: 'POST', headers, body }))
  return { tokens, clock, outage, reported, handle, post }
}

describe('revocationHandler', () => {
  it('revokes the token whose secret it is given, whoever asks, and answers 200 without a body (RFC 7009 §2.2)', async () => {
    const { tokens, post } = open()
    const { secret } = await tokens.issue(CI)
    await expect(post(`token=${secret}`)).resolves.toEqual({
      status: 200,
      headers: { 'Cache-Control': 'no-store' },
      body: '',
    })
    await expect(tokens.verify(secret)).resolves.toEqual({ ok: false, reason: 'revoked' })
  })

  it('answers alike for a token that is revoked already, expired, suspended, unknown or none at all', async () => {
    const { tokens, clock, post } = open()
    const revoked = await tokens.issue(CI)
    const expired = await tokens.issue({ ...CI, expiresAt: new Date(clock.now + 1) })
    const suspended = await tokens.issue(CI)
    await tokens.suspend(OWNER, suspended.token.id)
    clock.now += 1
    const unknown = await openApi(plain).tokens.issue(CI)
    const first = await post(`token=${revoked.secret}`)
    const presented = [revoked, expired, suspended, unknown].map(({ secret }) => secret)
    for (const secret of [...presented, 'malformed', '__proto__', 'a'.repeat(100_000)])
      await expect(post(`token=${secret}`)).resolves.toEqual(first)
    await expect(tokens.verify(suspended.secret)).resolves.toEqual({ ok: false, reason: 'revoked' })
    await expect(tokens.get(OWNER, expired.token.id)).resolves.toMatchObject({ status: 'revoked' })
  })

  it('keeps the first revocation time', async () => {
    const { tokens, clock, post } = open()
    const { token, secret } = await tokens.issue(CI)
    const revokedAt = new Date(clock.now)
    await post(`token=${secret}`)
    clock.now += 1000
    await post(`token=${secret}`)
    await expect(tokens.get(OWNER, token.id)).resolves.toMatchObject({ revokedAt })
  })

  it.each(['access_token', 'refresh_token', 'nonsense', ''])('takes any token_type_hint: %j', async (hint) => {
    const { tokens, post } = open()
    const { secret } = await tokens.issue(CI)
    await expect(post(`token_type_hint=${hint}&token=${secret}&more=1`)).resolves.toMatchObject({ status: 200 })
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: false })
  })

  it('reads a form that the app has parsed', async () => {
    const { tokens, post } = open()
    const { secret } = await tokens.issue(CI)
    await expect(post({ token: secret })).resolves.toMatchObject({ status: 200 })
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: false })
  })

  it.each<[string, unknown]>([
    ['no field', ''],
    ['no body', undefined],
    ['an empty token', 'token='],
    ['only a hint', 'token_type_hint=access_token'],
    ['two tokens', 'token=a&token=a'],
    ['a token and an empty one', 'token=a&token='],
    ['two tokens, parsed by the app', { token: ['a', 'b'] }],
    ['a token that is no text', { token: { nested: 'a' } }],
    ['bytes that are no text', new Uint8Array([0xff])],
  ])('answers %s with 400 and the bare error (RFC 6749 §5.2)', async (_, body) => {
    await expect(open().post(body)).resolves.toMatchObject({ status: 400, body: '{"error":"invalid_request"}' })
  })

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x'])(
    'refuses %s with 415',
    async (type) => {
      await expect(open().post('{"token":"a"}', { 'content-type': [type] })).resolves.toMatchObject({ status: 415 })
    },
  )

  it('refuses a body of more than 100 kB with 413', async () => {
    const body = new TextEncoder().encode(`token=${'a'.repeat(102_400)}`)
    await expect(open().post(body)).resolves.toMatchObject({ status: 413 })
  })

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'post'])('refuses %s with 405', async (method) => {
    const answer = await open().handle(requestOf({ method, query: 'token=a' }))
    expect(answer).toMatchObject({ status: 405, headers: { Allow: 'POST' } })
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_request' })
  })

  it('does not take a token from the query', async () => {
    const { tokens, handle } = open()
    const { secret } = await tokens.issue(CI)
    const request = requestOf({ method: 'POST', headers: FORM, query: `token=${secret}`, body: 'a=b' })
    await expect(handle(request)).resolves.toMatchObject({ status: 400 })
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: true })
  })

  it('answers a store failure with 503 and reports it: the token may still be accepted (RFC 7009 §2.2.1)', async () => {
    const { tokens, outage, reported, post } = open()
    const { secret } = await tokens.issue(CI)
    outage.error = new Error('connection lost')
    const answer = await post(`token=${secret}`)
    expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } })
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'temporarily_unavailable' })
    expect(reported).toMatchObject([{ code: 'store_unavailable' }])
  })
})

describe('revocationHandler with clients', () => {
  const SECRET = 'the secret of the client'
  const client = clientSecrets({ ci: SECRET })
  const basic = (id: string, secret: string) => ({
    ...FORM,
    authorization: [`Basic ${Buffer.from(`${id}:${encodeURIComponent(secret)}`).toString('base64')}`],
  })

  it('revokes for a client that authenticates in the header or in the form (RFC 7009 §2.1)', async () => {
    const { tokens, post } = open({ client })
    const [one, two] = [await tokens.issue(CI), await tokens.issue(CI)]
    await expect(post(`token=${one.secret}`, basic('ci', SECRET))).resolves.toMatchObject({ status: 200, body: '' })
    const form = new URLSearchParams({ token: two.secret, client_id: 'ci', client_secret: SECRET }).toString()
    await expect(post(form)).resolves.toMatchObject({ status: 200, body: '' })
    for (const { secret } of [one, two]) await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: false })
  })

  it('names the client as who revoked', async () => {
    const events: TokenEvent[] = []
    const { tokens } = openApi(plain, { onEvent: (event) => void events.push(event) })
    const { secret, token } = await tokens.issue(CI)
    const handle = revocationHandler(tokens, { client })
    await handle(requestOf({ method: 'POST', headers: basic('ci', SECRET), body: `token=${secret}` }))
    await tokens.close()
    expect(events).toContainEqual(expect.objectContaining({ type: 'revoked', tokenId: token.id, by: 'ci' }))
  })

  it('revokes for nobody else, and says invalid_client with a challenge (RFC 6749 §5.2)', async () => {
    const { tokens, post } = open({ client })
    const { secret } = await tokens.issue(CI)
    for (const headers of [FORM, basic('ci', 'wrong'), basic('other', SECRET)]) {
      const answer = await post(`token=${secret}`, headers)
      expect(answer).toMatchObject({ status: 401, headers: { 'WWW-Authenticate': expect.stringMatching(/^Basic /) } })
      expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_client' })
    }
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: true })
  })

  it('revokes for a client only what it may revoke, and says so of anything else (RFC 7009 §2.1)', async () => {
    const asked: unknown[] = []
    const { tokens, post } = open({
      client,
      async mayRevoke({ id }, token) {
        asked.push(id, token.status)
        return token.owner === OWNER
      },
    })
    const [own, others] = [await tokens.issue(CI), await tokens.issue({ ...CI, owner: OTHER_OWNER })]
    const refusal = { status: 400, body: '{"error":"unauthorized_client"}' }
    await expect(post(`token=${others.secret}`, basic('ci', SECRET))).resolves.toMatchObject(refusal)
    await expect(tokens.verify(others.secret)).resolves.toMatchObject({ ok: true })
    await tokens.suspend(OWNER, own.token.id)
    await expect(post(`token=${own.secret}`, basic('ci', SECRET))).resolves.toMatchObject({ status: 200, body: '' })
    await expect(tokens.get(OWNER, own.token.id)).resolves.toMatchObject({ status: 'revoked' })
    await expect(post('token=unknown', basic('ci', SECRET))).resolves.toMatchObject({ status: 200, body: '' })
    expect(asked).toEqual(['ci', 'active', 'ci', 'suspended'])
  })

  it('refuses two credentials and a missing token with the bare 400', async () => {
    const { post } = open({ client })
    const bare = { status: 400, body: '{"error":"invalid_request"}' }
    await expect(post(`token=a&client_id=ci&client_secret=x`, basic('ci', SECRET))).resolves.toMatchObject(bare)
    await expect(post('', basic('ci', SECRET))).resolves.toMatchObject(bare)
  })

  it('refuses to be built with a wrong or unknown option', () => {
    const build = (options: object) => () => Reflect.apply(revocationHandler, undefined, [open().tokens, options])
    expect(build({ client: { ci: SECRET } })).toThrow('revocationHandler: option "client" must be')
    expect(build({ clients: client })).toThrow('"clients"')
    expect(build({ client, mayRevoke: true })).toThrow('option "mayRevoke" must be')
    expect(build({ accessTokens: {} })).toThrow('option "accessTokens" must be what createAccessTokens() returns')
    expect(build({ revokesParent: 'yes' })).toThrow('option "revokesParent" must be')
  })

  it('refuses to be built with an option that has no effect without another', () => {
    const build = (options: RevocationOptions) => () => revocationHandler(open().tokens, options)
    expect(build({ mayRevoke: () => true })).toThrow('revocationHandler: option "mayRevoke" needs option "client"')
    expect(build({ revokesParent: true })).toThrow('option "revokesParent" needs option "accessTokens"')
    expect(build({ revokesParent: false })).not.toThrow()
  })
})
