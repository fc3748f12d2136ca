import type { TokenEvent } from '@tessera/core'
import type { HttpRequest } from '@tessera/http'
import { describe, expect, it } from 'vitest'
import { AUDIENCE, NOW, openAccess } from '../testing/open-access.ts'
import type { ParentFacts } from '../testing/open-access.ts'
import { requestOf } from '../testing/request.ts'
import { exchangeHandler } from './exchange-handler.ts'
import type { AccessTokensOptions } from './options.ts'

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const FORM = { 'content-type': ['application/x-www-form-urlencoded'] }

async function open(options: Partial<AccessTokensOptions> = {}, facts: ParentFacts = {}) {
  const opened = await openAccess(options, facts)
  const reported: Error[] = []
  const handle = exchangeHandler(opened.access, { onError: (error) => void reported.push(error) })

  async function answer(facts: Partial<HttpRequest> & { body?: unknown }) {
    const { status, headers, body } = await handle(requestOf({ method: 'POST', headers: FORM, ...facts }))
    return { status, headers, json: JSON.parse(body) }
  }

  /** Posts a good request but for what a test is about; `null` leaves a field out, a list gives it several times. */
  function post(fields: Readonly<Record<string, string | readonly string[] | null>> = {}) {
    const good = { grant_type: GRANT_TYPE, subject_token: opened.secret, subject_token_type: ACCESS_TOKEN }
    const all = Object.entries({ ...good, ...fields }).flatMap(([name, values]) =>
      [values ?? []].flat().map((value): [string, string] => [name, value]),
    )
    return answer({ body: new URLSearchParams(all).toString() })
  }

  return { ...opened, reported, answer, post }
}

const refusal = (error: string) => ({ status: 400, json: { error } })

describe('exchangeHandler', () => {
  it('names the request in the event', async () => {
    const events: TokenEvent[] = []
    const { tokens, answer, secret } = await open({}, { onEvent: (event) => void events.push(event) })
    const fields = { grant_type: GRANT_TYPE, subject_token: secret, subject_token_type: ACCESS_TOKEN }
    const context = { ip: '192.0.2.7', requestId: 'r1' }
    await answer({ body: new URLSearchParams(fields).toString(), context })
    await tokens.close()
    expect(events.find(({ type }) => type === 'exchanged')).toMatchObject(context)
  })

  it('answers with an access token as RFC 8693 §2.2.1 has it', async () => {
    const { access, post } = await open()
    const { status, headers, json } = await post()
    expect([status, headers['Cache-Control']]).toEqual([200, 'no-store'])
    expect(json).toEqual({
      access_token: expect.any(String),
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'jobs:read jobs:write',
    })
    expect(await access.verify(json.access_token)).toMatchObject({ ok: true })
  })

  it('says how long the access token lives, which is no longer than its parent', async () => {
    const { post } = await open({}, { expiresAt: new Date(NOW + 90_500) })
    expect(await post()).toMatchObject({ status: 200, json: { expires_in: 90 } })
  })

  it('narrows the scope, and says so; no scope is not mentioned', async () => {
    const { post } = await open()
    expect((await post({ scope: 'jobs:read' })).json).toMatchObject({ scope: 'jobs:read' })
    const bare = await open({}, { scopes: [] })
    expect((await bare.post()).json).not.toHaveProperty('scope')
  })

  it.each(['jobs:delete', 'jobs:read jobs:delete', 'jobs:*', ' jobs:read', 'jobs:read  jobs:write', '"'])(
    'refuses the scope %j as invalid_scope',
    async (scope) => {
      const { post } = await open()
      expect(await post({ scope })).toMatchObject(refusal('invalid_scope'))
    },
  )

  it('issues for an audience or a resource that is known, named once or twice', async () => {
    const { access, post } = await open()
    for (const fields of [{ audience: AUDIENCE }, { resource: AUDIENCE }, { audience: AUDIENCE, resource: AUDIENCE }]) {
      const { json } = await post(fields)
      expect(await access.verify(json.access_token)).toMatchObject({ ok: true })
    }
  })

  it('compares a resource as RFC 3986 normalizes it, and names the audience as it is configured', async () => {
    const { access, post } = await open()
    const { protocol, host, pathname } = new URL(AUDIENCE)
    const unusual = `${protocol.toUpperCase()}//${host.toUpperCase()}:443/a/..${pathname.replace('v', '%76')}`
    const { json } = await post({ audience: AUDIENCE, resource: [unusual, new URL(AUDIENCE).href] })
    expect(await access.verify(json.access_token)).toMatchObject({ ok: true })
  })

  it('refuses another audience or resource, or two, as invalid_target (RFC 8693 §2.2.2)', async () => {
    const other = 'https://other.test'
    const { post } = await open({ otherAudiences: ['https://logs.test'] })
    const wrong = [
      { audience: other },
      { resource: other },
      { audience: AUDIENCE, resource: other },
      { audience: [AUDIENCE, 'https://logs.test'] },
    ]
    for (const fields of wrong) expect(await post(fields)).toMatchObject(refusal('invalid_target'))
  })

  it('takes parameters without a value for left out, and overlooks unknown ones (RFC 6749 §3.2)', async () => {
    const { post } = await open()
    const fields = {
      scope: '',
      audience: '',
      resource: '',
      requested_token_type: '',
      client_id: 'cli',
      more: ['a', 'b'],
    }
    expect(await post(fields)).toMatchObject({ status: 200, json: { scope: 'jobs:read jobs:write' } })
    expect(await post({ requested_token_type: 'urn:ietf:params:oauth:token-type:jwt' })).toMatchObject({ status: 200 })
  })

  it.each([
    ['no grant_type', { grant_type: null }],
    ['no subject_token', { subject_token: null }],
    ['an empty subject_token', { subject_token: '' }],
    ['two subject_tokens', { subject_token: ['a', 'b'] }],
    ['two scopes', { scope: ['jobs:read', 'jobs:write'] }],
    ['no subject_token_type', { subject_token_type: null }],
    ['another subject_token_type', { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }],
    ['another requested_token_type', { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }],
    ['an actor_token', { actor_token: 'a', actor_token_type: ACCESS_TOKEN }],
    ['a subject_token that was never issued', { subject_token: 'malformed' }],
  ])('refuses %s as invalid_request', async (_, fields) => {
    const { post } = await open()
    expect(await post(fields)).toMatchObject(refusal('invalid_request'))
  })

  it('refuses another grant as unsupported_grant_type', async () => {
    const { post } = await open()
    expect(await post({ grant_type: 'client_credentials' })).toMatchObject(refusal('unsupported_grant_type'))
  })

  it('repeats nothing of a secret in a refusal', async () => {
    const { post, secret } = await open()
    for (const name of [
      'grant_type',
      'subject_token_type',
      'scope',
      'audience',
      'requested_token_type',
      'actor_token',
    ]) {
      const { status, json } = await post({ [name]: secret })
      expect([status, JSON.stringify(json).includes(secret)]).toEqual([400, false])
    }
  })

  it('takes a form that a parser of the app has read', async () => {
    const { answer, secret } = await open()
    const body = { grant_type: GRANT_TYPE, subject_token: secret, subject_token_type: ACCESS_TOKEN }
    expect(await answer({ body })).toMatchObject({ status: 200 })
  })

  it('refuses other methods, other bodies and bodies that are too large', async () => {
    const { answer } = await open()
    expect(await answer({ method: 'GET' })).toMatchObject({ status: 405, headers: { Allow: 'POST' } })
    expect(await answer({ headers: { 'content-type': ['application/json'] }, body: '{}' })).toMatchObject({
      status: 415,
      json: { error: 'invalid_request' },
    })
    expect(await answer({ body: new Uint8Array(102_401) })).toMatchObject({ status: 413 })
  })

  it('answers 503 when the store does not, and calls onError', async () => {
    const { post, weather, reported } = await open()
    weather.error = new Error('ECONNREFUSED')
    expect(await post()).toMatchObject({
      status: 503,
      headers: { 'Retry-After': '1', 'Cache-Control': 'no-store' },
      json: { error: 'temporarily_unavailable' },
    })
    expect(reported).toMatchObject([{ name: 'StoreError', cause: weather.error }])
  })

  it('rejects for a fault in the program', async () => {
    const fault = new RangeError('a fault')
    const handle = exchangeHandler({ exchange: () => Promise.reject(fault) })
    const body = `grant_type=${GRANT_TYPE}&subject_token=a&subject_token_type=${ACCESS_TOKEN}`
    await expect(handle(requestOf({ method: 'POST', headers: FORM, body }))).rejects.toBe(fault)
  })

  it('refuses an option that is wrong', async () => {
    const { access } = await open()
    expect(() => exchangeHandler(access, { onError: 7 as never })).toThrow('exchangeHandler: option "onError" must be')
  })
})
