import { DAY_MS } from '@tessera/core'
import type { TokenEvent } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import { requestOf } from '../../testing/request.ts'
import { plain } from '../dialects/plain.ts'
import { clientSecrets } from './client-secrets.ts'
import { introspectionHandler } from './introspection-handler.ts'
import type { IntrospectionOptions } from './introspection-handler.ts'

const SECRET = 'the secret of the resource server'
const FORM = { 'content-type': ['application/x-www-form-urlencoded'] }
const BASIC = {
  ...FORM,
  authorization: [`Basic ${Buffer.from(`api:${encodeURIComponent(SECRET)}`).toString('base64')}`],
}
const CI = { owner: OWNER, name: 'CI', scopes: ['jobs:read', 'jobs:write'], createdBy: 'ada@example.com' }
const client = clientSecrets({ api: SECRET })

function open(options: Partial<IntrospectionOptions> = {}) {
  const { tokens, clock, outage } = openApi(plain)
  const reported: Error[] = []
  const onError = (error: Error) => void reported.push(error)
  const handle = introspectionHandler(tokens, { client, onError, ...options })
  const post = (body: unknown, headers: Record<string, string[]> = BASIC) =>
    handle(requestOf({ method: 'POST', headers, body }))
  const ask = async (secret: string): Promise<unknown> => JSON.parse((await post(`token=${secret}`)).body)
  return { tokens, clock, outage, reported, handle, post, ask }
}

describe('introspectionHandler', () => {
  it('shows a client what is to be known of an active token (RFC 7662 §2.2)', async () => {
    const { tokens, clock, post } = open()
    const { secret, token } = await tokens.issue({ ...CI, expiresAt: new Date(clock.now + 5000) })
    const { status, headers, body } = await post(`token=${secret}`)
    expect(status).toBe(200)
    expect(headers).toEqual({ 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' })
    expect(JSON.parse(body)).toStrictEqual({
      active: true,
      scope: 'jobs:read jobs:write',
      username: 'ada@example.com',
      token_type: 'Bearer',
      exp: Math.floor((clock.now + 5000) / 1000),
      iat: Math.floor(clock.now / 1000),
      sub: OWNER,
      jti: token.id,
    })
  })

  it('leaves out what a token has not', async () => {
    const { tokens, ask } = open()
    const { secret } = await tokens.issue({ owner: OWNER, name: 'CI', scopes: [] })
    expect(Object.keys(Object(await ask(secret))).toSorted()).toEqual(['active', 'iat', 'jti', 'sub', 'token_type'])
  })

  it('says of a rotated token that it ends with its overlap', async () => {
    const { tokens, clock, ask } = open()
    const { secret, token } = await tokens.issue({ ...CI, expiresAt: new Date(clock.now + 90 * DAY_MS) })
    await tokens.rotate(OWNER, token.id, { overlapMs: 60_000 })
    expect(await ask(secret)).toMatchObject({ active: true, exp: Math.floor((clock.now + 60_000) / 1000) })
    clock.now += 60_000
    expect(await ask(secret)).toEqual({ active: false })
  })

  it('names the issuer and the audience of its options', async () => {
    const { tokens, ask } = open({ issuer: 'https://api.example.com', audience: ['https://api.example.com/v1'] })
    const { secret } = await tokens.issue(CI)
    expect(await ask(secret)).toMatchObject({ iss: 'https://api.example.com', aud: ['https://api.example.com/v1'] })
  })

  it('answers every token that is not active with the same bytes (RFC 7662 §2.2)', async () => {
    const { tokens, clock, post } = open({ issuer: 'https://api.example.com', audience: 'api' })
    const revoked = await tokens.issue(CI)
    const expired = await tokens.issue({ ...CI, expiresAt: new Date(clock.now + 1) })
    const suspended = await tokens.issue(CI)
    await tokens.revoke(OWNER, revoked.token.id)
    await tokens.suspend(OWNER, suspended.token.id)
    clock.now += 1
    const unknown = await openApi(plain).tokens.issue(CI)
    const secrets = [revoked, expired, suspended, unknown].map(({ secret }) => secret)
    for (const secret of [...secrets, 'malformed', revoked.token.id, '__proto__', 'a'.repeat(100_000)])
      await expect(post(`token=${secret}`)).resolves.toMatchObject({ status: 200, body: '{"active":false}' })
  })

  it('shows a client only the tokens that it may know of', async () => {
    const { tokens, ask } = open({ mayIntrospect: async ({ id }, { owner }) => id === 'api' && owner === OWNER })
    const [own, others] = [await tokens.issue(CI), await tokens.issue({ ...CI, owner: OTHER_OWNER })]
    expect(await ask(own.secret)).toMatchObject({ active: true })
    expect(await ask(others.secret)).toEqual({ active: false })
  })

  it('hands the client that the app found to the question what it may know', async () => {
    const { tokens } = openApi(plain)
    const caller = await tokens.issue({ ...CI, scopes: ['tokens:introspect'] })
    const [own, others] = [await tokens.issue(CI), await tokens.issue({ ...CI, owner: OTHER_OWNER })]
    const handle = introspectionHandler(tokens, {
      async client({ method, secret }) {
        const verification = await tokens.verify(method === 'Bearer' ? secret : undefined)
        return verification.ok ? verification.token : null
      },
      mayIntrospect: ({ owner }, token) => token.owner === owner,
    })
    const headers = { ...FORM, authorization: [`Bearer ${caller.secret}`] }
    const ask = async (secret: string): Promise<unknown> =>
      JSON.parse((await handle(requestOf({ method: 'POST', headers, body: `token=${secret}` }))).body)
    expect(await ask(own.secret)).toMatchObject({ active: true })
    expect(await ask(others.secret)).toEqual({ active: false })
  })

  it('answers about a token with networks by the address of the client, names them, and takes it for inactive without', async () => {
    const { tokens, ask } = open()
    const networks = ['192.0.2.0/24', '2001:db8::/32']
    const { secret } = await tokens.issue({ ...CI, networks })
    const from = (address: string) => ask(`${secret}&client_address=${encodeURIComponent(address)}`)
    for (const inside of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1']) {
      expect(await from(inside)).toMatchObject({ active: true, tessera_networks: networks })
    }
    for (const outside of ['198.51.100.1', '2001:db9::1', '']) expect(await from(outside)).toEqual({ active: false })
    expect(await ask(secret)).toEqual({ active: false })
  })

  it('answers about any other token from everywhere', async () => {
    const { tokens, ask } = open()
    const { secret } = await tokens.issue(CI)
    for (const address of ['', '&client_address=192.0.2.7', '&client_address=']) {
      const answer = await ask(secret + address)
      expect(answer).toMatchObject({ active: true })
      expect(answer).not.toHaveProperty('tessera_networks')
    }
  })

  it.each(['300.1.1.1', '192.0.2.0/24', 'fe80::1%eth0', 'localhost', '192.0.2.7, 10.0.0.1', '::1&client_address=::1'])(
    'refuses %s as client_address by its name, whatever the token',
    async (address) => {
      const { tokens, post } = open()
      const { secret } = await tokens.issue(CI)
      for (const token of [secret, 'unknown']) {
        const answer = await post(`token=${token}&client_address=${address}`)
        expect(answer.status).toBe(400)
        expect(JSON.parse(answer.body)).toEqual({
          error: 'invalid_request',
          error_description: 'client_address must be one IPv4 or IPv6 address, without a zone',
        })
      }
    },
  )

  it('is a use of the token: one that a gateway asks about every day is not revoked as unused', async () => {
    const { tokens, clock, ask } = open()
    const { secret, token } = await tokens.issue(CI)
    for (let day = 0; day < 100; day += 1) {
      clock.now += DAY_MS
      expect(await ask(secret)).toMatchObject({ active: true })
    }
    expect(await tokens.listUnused(OWNER, { unusedForMs: 90 * DAY_MS })).toEqual([])
    expect(await tokens.revokeUnused(OWNER, { unusedForMs: 90 * DAY_MS })).toBe(0)
    await expect(tokens.get(OWNER, token.id)).resolves.toMatchObject({ lastUsedAt: new Date(clock.now) })
  })

  it('names in events whoever presented the token, and the request', async () => {
    const events: TokenEvent[] = []
    const { tokens } = openApi(plain, { onEvent: (event) => void events.push(event) })
    const handle = introspectionHandler(tokens, { client })
    const [one, other] = [await tokens.issue(CI), await tokens.issue(CI)]
    const context = { ip: '203.0.113.1', requestId: 'r1' }
    for (const body of [`token=${one.secret}&client_address=192.0.2.7`, `token=${other.secret}`])
      await handle({ ...requestOf({ method: 'POST', headers: BASIC, body }), context: () => context })
    await tokens.close()
    expect(events.filter(({ type }) => type === 'first_used')).toMatchObject([
      { tokenId: one.token.id, ip: '192.0.2.7', requestId: 'r1' },
      { tokenId: other.token.id, ...context },
    ])
  })

  it('is no use with countsAsUse: false, of no token that the client may not know of, and of none that is not active', async () => {
    const isUsed = async (options: Partial<IntrospectionOptions>, suffix = '') => {
      const { tokens, ask } = open(options)
      const { secret, token } = await tokens.issue({ ...CI, networks: suffix === '' ? null : ['192.0.2.7'] })
      await ask(secret + suffix)
      await tokens.flush()
      return (await tokens.get(OWNER, token.id))?.lastUsedAt !== null
    }
    expect(await isUsed({})).toBe(true)
    expect(await isUsed({ countsAsUse: false })).toBe(false)
    expect(await isUsed({ mayIntrospect: async () => false })).toBe(false)
    expect(await isUsed({}, '&client_address=192.0.2.8')).toBe(false)
  })

  it.each(['access_token', 'refresh_token', 'nonsense', ''])('takes any token_type_hint: %j', async (hint) => {
    const { tokens, post } = open()
    const { secret } = await tokens.issue(CI)
    const { body } = await post(`token_type_hint=${hint}&token=${secret}&more=1`)
    expect(JSON.parse(body)).toMatchObject({ active: true })
  })

  it('takes the credentials from the form too', async () => {
    const { tokens, post } = open()
    const { secret } = await tokens.issue(CI)
    const credentials = new URLSearchParams({ client_id: 'api', client_secret: SECRET, token: secret }).toString()
    expect(JSON.parse((await post(credentials, FORM)).body)).toMatchObject({ active: true })
  })

  it('answers nobody who does not authenticate, whatever the token (RFC 7662 §2.3)', async () => {
    const { tokens, post } = open()
    const { secret } = await tokens.issue(CI)
    const wrong = { ...FORM, authorization: [`Basic ${Buffer.from('api:wrong').toString('base64')}`] }
    for (const body of [`token=${secret}`, 'token=x', ''])
      for (const headers of [FORM, wrong]) {
        const answer = await post(body, headers)
        expect(answer).toMatchObject({
          status: 401,
          headers: { 'WWW-Authenticate': expect.stringMatching(/^Basic realm=/) },
        })
        expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_client' })
      }
    const bearer = await post(`token=${secret}`, { ...FORM, authorization: [`Bearer ${secret}`] })
    expect(bearer).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': expect.stringMatching(/^Bearer error="invalid_token"/) },
    })
  })

  it.each<[string, unknown]>([
    ['no token', ''],
    ['an empty token', 'token='],
    ['two tokens', 'token=a&token=a'],
    ['two credentials', 'token=a&client_id=a&client_secret=b'],
  ])('answers %s with 400 invalid_request', async (_, body) => {
    const answer = await open().post(body)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_request', error_description: expect.any(String) })
  })

  it('takes neither a token nor credentials from the query', async () => {
    const { tokens, handle } = open()
    const { secret } = await tokens.issue(CI)
    const query = `token=${secret}&client_id=api&client_secret=${encodeURIComponent(SECRET)}`
    const request = requestOf({ method: 'POST', query, body: 'a=b', headers: FORM })
    await expect(handle(request)).resolves.toMatchObject({ status: 401 })
    await expect(handle({ ...request, headers: BASIC })).resolves.toMatchObject({ status: 400 })
  })

  it('refuses other methods with 405, and other bodies with 415', async () => {
    const { handle, post } = open()
    for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS'])
      await expect(handle(requestOf({ method, headers: BASIC }))).resolves.toMatchObject({
        status: 405,
        headers: { Allow: 'POST' },
      })
    const json = { ...BASIC, 'content-type': ['application/json'] }
    await expect(post('{"token":"a"}', json)).resolves.toMatchObject({ status: 415 })
  })

  it('answers a store failure with 503 and reports it: the token may be active', async () => {
    const { tokens, outage, reported, post } = open()
    const { secret } = await tokens.issue(CI)
    outage.error = new Error('connection lost')
    const answer = await post(`token=${secret}`)
    expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } })
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'temporarily_unavailable' })
    expect(reported).toMatchObject([{ code: 'store_unavailable' }])
  })

  it.each([
    ['client', {}],
    ['client', { client: 'api' }],
    ['mayIntrospect', { client, mayIntrospect: true }],
    ['countsAsUse', { client, countsAsUse: 'always' }],
    ['issuer', { client, issuer: 'api' }],
    ['audience', { client, audience: [] }],
    ['audience', { client, audience: '' }],
    ['onError', { client, onError: 'log' }],
    ['clients', { client, clients: client }],
  ])('refuses to be built with a missing, wrong or unknown option and names it: %s', (name, options) => {
    const build = () => Reflect.apply(introspectionHandler, undefined, [open().tokens, options])
    expect(build).toThrow(TypeError)
    expect(build).toThrow(`"${name}"`)
  })

  it('refuses to be built without tokens', () => {
    expect(() => Reflect.apply(introspectionHandler, undefined, [{}, { client }])).toThrow(
      'what createTokens() returns',
    )
  })
})
