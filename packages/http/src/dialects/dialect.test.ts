import { digestSecret } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { everyDialect } from '../../testing/every-dialect.ts'
import { OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import type { Answer } from '../../testing/open-api.ts'

const CI = { name: 'CI', scopes: ['jobs:read'] }
const JSON_TYPE = 'application/json; charset=utf-8'
const SECRET = /ot_pat_[0-9A-Za-z]{48}/

/** What all dialects have in common. */
describe.each(everyDialect)('every dialect: $name', ({ dialect, ids, envelope, expiry }) => {
  const open = () => openApi(dialect, { ids })
  const record = (answer: Answer) => Reflect.get(Object(answer.json), envelope)

  it('answers nobody with 401 and a challenge without an error, before it looks at anything else', async () => {
    const { call, tokens } = open()
    const { token } = await tokens.issue({ owner: OWNER, ...CI })
    const facts = { caller: null, query: 'page=zero&limit=zero', params: { orgID: 'nobody' } }
    const asked = [
      await call('GET', '/', facts),
      await call('POST', '/', { ...facts, body: '{' }),
      await call('GET', `/${token.id}`, facts),
      await call('GET', '/unknown', facts),
      await call('DELETE', `/${token.id}`, facts),
    ]
    for (const answer of asked) {
      expect(answer).toMatchObject({ status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="api"' } })
      expect(answer.text).toBe(asked[0]?.text)
    }
  })

  it('issues with 201, the record and, this once, the secret beside it', async () => {
    const { call, tokens } = open()
    const answer = await call('POST', '/', { json: CI })
    expect(answer.status).toBe(201)
    expect(ids.matches(Reflect.get(record(answer), 'id'))).toBe(true)
    const { secret } = answer.json as { secret: string }
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: true, token: { owner: OWNER } })
  })

  it('reads the expiry of a new token under the name that its records have for it', async () => {
    const answer = await open().call('POST', '/', { json: { ...CI, [expiry]: '2030-01-31T12:00:00+02:00' } })
    expect(answer.status).toBe(201)
    expect(Reflect.get(record(answer), expiry)).toMatch(/^2030-01-31T10:00:00(?:\.000)?Z$/)
  })

  it('shows neither secret nor digest in any other answer', async () => {
    const { call, tokens } = open()
    const { token, secret } = await tokens.issue({ owner: OWNER, ...CI })
    for (const answer of [await call('GET'), await call('GET', `/${token.id}`), await call('DELETE', `/${token.id}`)]) {
      expect(answer.status).toBe(200)
      expect(answer.text).not.toMatch(SECRET)
      expect(answer.text).not.toContain(digestSecret(secret))
    }
  })

  it('writes one record alike in every answer that holds one', async () => {
    const { call } = open()
    const issued = await call('POST', '/', { json: CI })
    const { id } = record(issued) as { id: string }
    expect(record(await call('GET', `/${id}`))).toEqual(record(issued))
    expect(Object.keys(record(await call('DELETE', `/${id}`)))).toEqual(Object.keys(record(issued)))
  })

  it('lets no cache keep an answer', async () => {
    const { call, tokens } = open()
    const { token } = await tokens.issue({ owner: OWNER, ...CI })
    for (const answer of [await call('GET'), await call('GET', `/${token.id}`)])
      expect(answer.headers).toMatchObject({ 'Content-Type': JSON_TYPE, 'Cache-Control': 'no-store' })
    expect((await call('GET', '/unknown')).headers).toMatchObject({
      'Content-Type': dialect.errorType ?? JSON_TYPE,
      'Cache-Control': 'no-store',
    })
  })

  it.each(['GET', 'DELETE'])(
    'answers %s of an unknown id and of another owner’s with the same bytes',
    async (method) => {
      const { call, tokens } = open()
      const { token } = await tokens.issue({ owner: OTHER_OWNER, ...CI })
      const unknown = ids.generate(0)
      const answers = [await call(method, `/${token.id}`), await call(method, `/${unknown}`)]
      expect(answers[0]?.status).toBe(404)
      expect(answers[0]?.text.replaceAll(token.id, unknown)).toBe(answers[1]?.text)
      expect(answers[0]?.headers).toEqual(answers[1]?.headers)
      await expect(tokens.get(OTHER_OWNER, token.id)).resolves.toMatchObject({ status: 'active' })
    },
  )

  it('never echoes an id that may be a secret, and does not take one for an id', async () => {
    const { call, tokens } = open()
    const { secret } = await tokens.issue({ owner: OWNER, ...CI })
    for (const id of [secret, digestSecret(secret), 'a'.repeat(129), '__proto__', `${secret}%00`]) {
      for (const method of ['GET', 'DELETE']) {
        const answer = await call(method, `/${id}`)
        expect(answer.status).toBe(404)
        expect(JSON.stringify(answer)).not.toContain(id.slice(0, 129))
      }
    }
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: true })
  })

  it('answers a second revocation with 200 and the first time', async () => {
    const { call, tokens, clock } = open()
    const { token } = await tokens.issue({ owner: OWNER, ...CI })
    const first = await call('DELETE', `/${token.id}`)
    clock.now += 60_000
    expect(await call('DELETE', `/${token.id}`)).toEqual(first)
    expect(first.status).toBe(200)
  })

  it('answers two revocations at once with one time', async () => {
    const { call, tokens } = open()
    const { token } = await tokens.issue({ owner: OWNER, ...CI })
    const [a, b] = await Promise.all([call('DELETE', `/${token.id}`), call('DELETE', `/${token.id}`)])
    expect(a).toEqual(b)
  })

  it('refuses with 409 to issue more than the limit of active tokens, also at once', async () => {
    const { call, tokens, clock } = openApi(dialect, { ids, activeLimit: 3 })
    const suspended = await tokens.issue({ owner: OWNER, ...CI })
    await tokens.suspend(OWNER, suspended.token.id)
    await tokens.issue({ owner: OWNER, ...CI, expiresAt: new Date(clock.now + 1) })
    clock.now += 1
    const answers = await Promise.all(Array.from({ length: 5 }, () => call('POST', '/', { json: CI })))
    const answered = (code: number) => answers.filter(({ status }) => status === code)
    expect(answered(201)).toHaveLength(2)
    expect(answered(409)).toHaveLength(3)
  })

  it('replays an idempotent request without the secret, and refuses another under its key', async () => {
    const { call } = open()
    const headers = { 'idempotency-key': ['key-1'] }
    const first = await call('POST', '/', { json: CI, headers })
    const replay = await call('POST', '/', { json: CI, headers })
    expect(replay).toMatchObject({ status: 201, headers: { 'Idempotent-Replayed': 'true' } })
    expect({ ...Object(replay.json), secret: expect.stringMatching(SECRET) }).toEqual(first.json)
    expect(replay.json).not.toHaveProperty('secret')
    expect(first.headers).not.toHaveProperty('Idempotent-Replayed')
    expect((await call('POST', '/', { json: { ...CI, name: 'CD' }, headers })).status).toBe(409)
  })

  it('refuses with 403 and a challenge to grant a scope that the caller does not hold', async () => {
    const { call } = open()
    const caller = { owner: OWNER, scopes: ['jobs:read', 'tokens:write'] }
    const answer = await call('POST', '/', { caller, json: { ...CI, scopes: ['jobs:read', 'jobs:write'] } })
    expect(answer.status).toBe(403)
    expect(answer.headers['WWW-Authenticate']).toMatch(/^Bearer error="insufficient_scope", .*, scope="jobs:write"$/)
  })

  it.each([
    [{ json: { ...CI, name: '' } }, 400],
    [{ json: { ...CI, name: 'a'.repeat(256) } }, 400],
    [{ json: { ...CI, name: 'lone \ud800 surrogate' } }, 400],
    [{ json: { ...CI, name: 'control \u0007 character' } }, 400],
    [{ json: { ...CI, owner: OTHER_OWNER } }, 400],
    [{ json: { ...CI, [expiry]: '2020-01-01T00:00:00Z' } }, 400],
    [{ json: { scopes: [] } }, 400],
    [{ body: '{"name":', headers: { 'content-type': ['application/json'] } }, 400],
    [{ json: CI, headers: { 'idempotency-key': [''] } }, 400],
    [{ json: CI, headers: { 'idempotency-key': ['a', 'b'] } }, 400],
    [{ json: { ...CI, name: 'a'.repeat(102_400) } }, 413],
    [{ body: 'name=CI', headers: { 'content-type': ['application/x-www-form-urlencoded'] } }, 415],
    [{ body: '{}' }, 415],
  ])('refuses to issue for the bad request %#, with %i', async (facts, status) => {
    const answer = await open().call('POST', '/', facts)
    expect(answer.status).toBe(status)
    expect(answer.headers['Content-Type']).toBe(dialect.errorType ?? JSON_TYPE)
  })

  it('answers a store failure with 503, without a challenge, and reports it', async () => {
    const { call, outage, reported } = open()
    outage.error = new Error('connection lost')
    const id = ids.generate(0)
    const asked = [call('GET'), call('GET', `/${id}`), call('POST', '/', { json: CI }), call('DELETE', `/${id}`)]
    for (const answer of await Promise.all(asked)) {
      expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } })
      expect(answer.headers).not.toHaveProperty('WWW-Authenticate')
      expect(answer.text).not.toContain('connection lost')
    }
    expect(reported).toHaveLength(4)
  })
})
