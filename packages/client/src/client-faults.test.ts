import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CUTS } from '../testing/fault-server.ts'
import { OWNER, openApi } from '../testing/open-api.ts'
import type { OpenApi } from '../testing/open-api.ts'

const CI = { name: 'CI', scopes: ['jobs:read'] }

let api: OpenApi
beforeEach(async () => {
  api = await openApi()
})
afterEach(() => api.stop())

const unavailable = (retryAfter?: string) => ({
  kind: 'answer' as const,
  answer: Response.json(
    { type: 'about:blank', title: 'Service Unavailable', status: 503, code: 'unavailable', detail: 'Try again.' },
    { status: 503, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } },
  ),
})

describe('a lost answer', () => {
  it.each(CUTS)('neither loses nor doubles a token: %s', async (_, fault) => {
    const client = api.client()
    api.faults.push(fault, fault)
    const { token, secret } = await client.issue(CI)
    await expect(api.tokens.authenticate(secret)).resolves.toMatchObject({ id: token.id, name: 'CI' })
    await expect(api.active()).resolves.toEqual(['CI', 'Own'])

    api.faults.push(fault, fault)
    const rotated = await client.rotate(token.id)
    await expect(api.tokens.authenticate(rotated.secret)).resolves.toMatchObject({ id: rotated.token.id })
    await expect(api.active()).resolves.toEqual(['CI', 'Own'])

    api.faults.push(fault, fault)
    await expect(client.revoke(rotated.token.id)).resolves.toMatchObject({ status: 'revoked' })
    api.faults.push(fault, fault)
    await expect(client.get(rotated.token.id)).resolves.toMatchObject({ status: 'revoked' })
    await expect(api.active()).resolves.toEqual(['Own'])
  })

  it('neither loses nor doubles a token, wherever it is cut', async () => {
    const client = api.client()
    const length = 900
    const count = 12
    for (let place = 0; place < count; place += 1) {
      api.faults.push({ kind: 'cut', at: ({ all }) => Math.min(all - 1, Math.round((place * length) / count)) })
      const { token, secret } = await client.issue({ ...CI, name: `CI ${place}` })
      await expect(api.tokens.introspect(secret)).resolves.toMatchObject({ id: token.id })
    }
    await expect(api.active()).resolves.toHaveLength(1 + count)
  })

  it('is one that is late, too', async () => {
    const done = new Promise<void>((resolve) => api.faults.push({ kind: 'hang', done: resolve }))
    const issued = api.client().issue(CI)
    await done
    api.timer.pass(10_000)
    await expect(issued).resolves.toMatchObject({ token: { name: 'CI' }, replayed: true })
    await expect(api.active()).resolves.toEqual(['CI', 'Own'])
  })

  it('ends the call after four tries, with the key to go on with', async () => {
    const client = api.client()
    for (let tries = 0; tries < 4; tries += 1) api.faults.push({ kind: 'cut', at: () => 0 })
    const error = await client.issue(CI).catch((error: unknown) => error as { idempotencyKey: string })
    expect(error).toMatchObject({ name: 'ClientError', code: 'no_answer', status: null, retryAfterMs: null })
    const { idempotencyKey } = error as { idempotencyKey: string }
    await expect(client.issue(CI, { idempotencyKey })).resolves.toMatchObject({ replayed: true })
    await expect(api.active()).resolves.toEqual(['CI', 'Own'])
    expect(api.requests).toHaveLength(5)
  })

  it('of a person leads to the token, whose secret nobody has', async () => {
    await api.tokens.issue({ ...CI, owner: OWNER, scopeCeiling: null, idempotencyKey: 'k' })
    const failed = api.client().issue(CI, { idempotencyKey: 'k' })
    await expect(failed).rejects.toMatchObject({ code: 'secret_unavailable', idempotencyKey: 'k' })
  })
})

describe('a server that cannot answer now', () => {
  it('is asked again, after as long as it says and some more', async () => {
    api.faults.push(unavailable('2'), unavailable('Thu, 01 Jan 2026 00:00:09 GMT'), unavailable())
    await expect(api.client().issue(CI)).resolves.toMatchObject({ replayed: false })
    expect(api.timer.pauses).toEqual([2_300, 9_000 - 2_300 + 600, 1_200])
    await expect(api.active()).resolves.toEqual(['CI', 'Own'])
  })

  it('is asked four times', async () => {
    for (let tries = 0; tries < 4; tries += 1) api.faults.push(unavailable('1'))
    const failed = api.client().usage()
    await expect(failed).rejects.toMatchObject({ code: 'unavailable', status: 503, retryAfterMs: 1_000 })
    expect(api.requests).toHaveLength(4)
  })

  it('is not asked again beyond the deadline', async () => {
    api.faults.push(unavailable('12'))
    const failed = api.client().get('self', { deadlineMs: 12_000 })
    await expect(failed).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 12_000 })
    expect(api.timer.pauses).toEqual([])
  })
})

describe('what would be answered alike', () => {
  it.each([
    [500, 'application/problem+json', '{"code":"internal"}', 'internal'],
    [429, 'application/problem+json', '{"code":"idempotency_limit_reached"}', 'idempotency_limit_reached'],
    [200, 'text/html', '<html>', 'unexpected_answer'],
    [200, 'application/json', '[]', 'unexpected_answer'],
    [200, 'application/json', '{"token":null}', 'unexpected_answer'],
    [301, 'text/plain', '', 'unexpected_answer'],
    [404, 'text/html', '<html>', 'unexpected_answer'],
    [200, 'application/json', `"${'x'.repeat(2_000)}"`, 'answer_too_large'],
  ])('is not asked for again: %d %s', async (status, type, body, code) => {
    const answer = new Response(body, { status, headers: { 'content-type': type, location: '/elsewhere' } })
    api.faults.push({ kind: 'answer', answer })
    await expect(api.client({ maxBytes: 1_000 }).get('self')).rejects.toMatchObject({ code })
    expect(api.requests).toEqual(['GET /tokens/self'])
  })

  it('is a refusal by the server, with its facts', async () => {
    const id = '00000000-0000-4000-8000-000000000000'
    await expect(api.client().get(id)).rejects.toMatchObject({
      message: 'not_found: There is no such token.',
      code: 'not_found',
      detail: 'There is no such token.',
      status: 404,
      facts: { tokenId: id },
      idempotencyKey: null,
    })
    expect(api.requests).toHaveLength(1)
  })
})

describe('the time of a call', () => {
  it('ends with its deadline', async () => {
    const done = new Promise<void>((resolve) => api.faults.push({ kind: 'hang', done: resolve }))
    const failed = api.client({ deadlineMs: 10_000, tryMs: 60_000 }).usage()
    void done.then(() => api.timer.pass(10_000))
    await expect(failed).rejects.toMatchObject({ code: 'deadline', status: null })
  })

  it('ends with the signal, for its reason', async () => {
    const stop = new AbortController()
    const done = new Promise<void>((resolve) => api.faults.push({ kind: 'hang', done: resolve }))
    const failed = api.client().issue(CI, { signal: stop.signal })
    const reason = new Error('enough')
    void done.then(() => stop.abort(reason))
    await expect(failed).rejects.toBe(reason)
    await expect(api.client().usage({ signal: stop.signal })).rejects.toBe(reason)
    expect(api.requests).toHaveLength(1)
  })
})
