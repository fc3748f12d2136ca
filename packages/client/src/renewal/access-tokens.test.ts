import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CUTS } from '../../testing/fault-server.ts'
import { openApi } from '../../testing/open-api.ts'
import type { OpenApi } from '../../testing/open-api.ts'
import type { Client } from '../client.ts'
import type { ClientError } from '../wire/client-error.ts'
import type { AccessTokens, AccessTokensOptions } from './access-tokens.ts'

const LIFETIME_MS = 300_000
const PATIENCE = { timeout: 20_000, interval: 5 }

let api: OpenApi
let client: Client
beforeEach(async () => {
  api = await openApi()
  client = api.client({ store: () => {} })
})
afterEach(() => api.stop())

const open = (options: Partial<AccessTokensOptions> = {}): AccessTokens =>
  client.accessTokens({ url: `${api.url}/exchange`, ...options })

const verify = async (header: string, scopes: readonly string[] = []) =>
  api.access.verify(header.replace('Bearer ', ''), { scopes })

const exchanges = () => api.requests.filter((request) => request === 'POST /exchange').length

const refusal = (status: number, code: string) => ({
  kind: 'answer' as const,
  answer: Response.json({ error: code, error_description: 'No.' }, { status }),
})

/** Until the renewal in the background has been asked for. */
const renewed = async (count: number) => expect.poll(exchanges, PATIENCE).toBe(count)

describe('accessTokens', () => {
  it('gives one access token to all callers, with the scopes asked for', async () => {
    const access = open({ scopes: ['jobs:read'] })
    const headers = new Set(await Promise.all(Array.from({ length: 20 }, async () => access.authorization())))
    const [header = ''] = headers
    expect(headers.size).toBe(1)
    await expect(verify(header, ['jobs:read'])).resolves.toMatchObject({ ok: true, token: { id: api.own.id } })
    await expect(verify(header, ['tokens:read'])).resolves.toMatchObject({ reason: 'insufficient_scope' })
    expect(api.requests).toEqual(['POST /exchange'])
  })

  it('renews before the end, and lets nobody wait for it', async () => {
    const access = open()
    const first = await access.authorization()
    api.timer.pass(LIFETIME_MS - 60_001)
    await expect(access.authorization()).resolves.toBe(first)
    expect(exchanges()).toBe(1)
    api.timer.pass(1)
    await expect(Promise.all([access.authorization(), access.authorization()])).resolves.toEqual([first, first])
    await renewed(2)
    await expect.poll(async () => access.authorization(), PATIENCE).not.toBe(first)
    expect(exchanges()).toBe(2)
  })

  it.each(CUTS)('survives a lost answer: %s', async (_, fault) => {
    api.faults.push(fault, fault)
    await expect(verify(await open().authorization())).resolves.toMatchObject({ ok: true })
  })

  it('goes on with the one it has while another cannot be had, up to its last seconds', async () => {
    const access = open()
    const first = await access.authorization()
    const failing = () => api.faults.push(...Array.from({ length: 4 }, () => refusal(503, 'temporarily_unavailable')))
    failing()
    api.timer.pass(LIFETIME_MS - 60_000)
    await expect(access.authorization()).resolves.toBe(first)
    await renewed(5)
    await expect.poll(() => api.timer.limits(), PATIENCE).toBe(0)
    // Not again at each call.
    await expect(access.authorization()).resolves.toBe(first)
    expect(exchanges()).toBe(5)
    api.timer.pass(60_000)
    failing()
    await expect(access.authorization()).rejects.toMatchObject({ code: 'temporarily_unavailable', status: 503 })
  })

  it('stands back for the secret, if that is wanted, and says why', async () => {
    const told: ClientError[] = []
    const access = open({ onFallback: (error) => told.push(error) })
    api.faults.push(refusal(400, 'invalid_request'))
    await expect(access.authorization()).resolves.toBe(`Bearer ${api.secret}`)
    await expect(access.authorization()).resolves.toBe(`Bearer ${api.secret}`)
    expect(exchanges()).toBe(1)
    expect(told).toMatchObject([{ code: 'invalid_request', detail: 'No.', status: 400 }, { code: 'invalid_request' }])
    api.timer.pass(1_000)
    await expect(verify(await access.authorization())).resolves.toMatchObject({ ok: true })
    await expect(open({ scopes: ['none'] }).authorization()).rejects.toMatchObject({ code: 'invalid_scope' })
  })

  it('exchanges anew after a rotation: the one it has ends with the old secret', async () => {
    const access = open()
    const first = await access.authorization()
    const { id } = await client.rotateSelf()
    const second = await access.authorization()
    await expect(verify(second)).resolves.toMatchObject({ ok: true, token: { id } })
    await expect(verify(first)).resolves.toEqual({ ok: false, reason: 'revoked' })
  })

  it('reads the secret again if another process has rotated it', async () => {
    let stored = api.secret
    const other = api.client({ token: () => stored, store: (secret) => void (stored = secret) })
    client = api.client({ token: () => stored })
    await client.self()
    const { id } = await other.rotateSelf()
    await other.self()
    await expect(verify(await open().authorization())).resolves.toMatchObject({ ok: true, token: { id } })
  })

  it('exchanges anew once it is told to forget', async () => {
    const access = open()
    const first = await access.authorization()
    access.forget()
    await expect(access.authorization()).resolves.not.toBe(first)
  })

  it.each([
    {},
    { access_token: 'a', token_type: 'Bearer' },
    { access_token: 'a', token_type: 'mac', expires_in: 60 },
    { access_token: 'a', token_type: 'Bearer', expires_in: '60' },
    { access_token: 'a\nb', token_type: 'Bearer', expires_in: 60 },
    { access_token: 7, token_type: 'Bearer', expires_in: 60 },
  ])('takes no other answer for an access token: %j', async (body) => {
    api.faults.push({ kind: 'answer', answer: Response.json(body) })
    await expect(open().authorization()).rejects.toMatchObject({ code: 'unexpected_answer' })
  })

  it('is for a token only, and for an exchange over TLS', () => {
    const person = api.client({ authorization: 'Basic YTpi' })
    expect(() => person.accessTokens({ url: api.url })).toThrow('needs the option "token"')
    expect(() => open({ url: 'http://api.acme.test/exchange' })).toThrow('accessTokens: "url" must be an https URL')
    expect(() => open({ renewBeforeMs: -1 })).toThrow('"renewBeforeMs" must be')
    expect(() => open({ scope: 'jobs:read' } as object)).toThrow('there is no "scope"')
  })
})
