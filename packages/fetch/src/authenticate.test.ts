import { Problem } from '@tessera/http'
import { describe, expect, it } from 'vitest'
import { ORIGIN, openTokens } from '../testing/open-tokens.ts'
import { authenticate } from './authenticate.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const ADA = { owner: 'acme', scopes: ['jobs:read'] }

describe('authenticate', () => {
  it('admits an active token with the scopes, and says which it is', async () => {
    const { tokens, id, request } = await openTokens()
    const auth = await authenticate(tokens, { scopes: ['jobs:read'] })(request('/jobs'))
    expect(auth).toMatchObject({ ok: true, token: { id, owner: 'acme' }, caller: { id }, headers: {} })
  })

  it.each([
    ['no token', {}, 401, 'Bearer realm="api"'],
    ['a bad one', { authorization: 'Bearer x' }, 401, 'Bearer error="invalid_token"'],
    ['two, which the platform joins', { authorization: 'Bearer x, Bearer y' }, 401, 'Bearer error="invalid_token"'],
  ])('answers %s with a challenge', async (_, headers, status, challenge) => {
    const { tokens } = await openTokens()
    const auth = await authenticate(tokens)(new Request(ORIGIN, { headers }))
    if (auth.ok) throw new Error('was admitted')
    expect(auth.problem).toBeInstanceOf(Problem)
    expect(auth.response.status).toBe(status)
    expect(auth.response.headers.get('www-authenticate')).toContain(challenge)
    expect(auth.response.headers.get('cache-control')).toBe('no-store')
  })

  it('names the scopes that a token lacks, of the route and those asked for later', async () => {
    const { tokens, request } = await openTokens()
    const lacking = await authenticate(tokens, { scopes: ['jobs:write'] })(request('/jobs'))
    expect(lacking.ok || lacking.response.headers.get('www-authenticate')).toContain('scope="jobs:write"')
    const auth = await authenticate(tokens)(request('/jobs'))
    const more = auth.ok && auth.require({ scopes: ['jobs:write'] })
    expect(more && !more.ok && more.response.status).toBe(403)
    expect(auth.ok && auth.require({ scopes: ['jobs:read'] }).ok).toBe(true)
  })

  it('finds a person by what the framework hands on, and never in place of a bad token', async () => {
    const { tokens, request } = await openTokens()
    const caller = (_: Request, { session }: { session: boolean }) => session && ADA
    const decide = authenticate(tokens, { caller, scopes: ['jobs:read'] })
    const bare = () => new Request(`${ORIGIN}/jobs`)
    expect(await decide(bare(), { session: true })).toMatchObject({ ok: true, token: null, caller: ADA })
    expect(await decide(bare(), { session: false })).toMatchObject({ ok: false, problem: { status: 401 } })
    const bad = request('/jobs', { headers: { authorization: 'Bearer x' } })
    expect(await decide(bad, { session: true })).toMatchObject({ ok: false, problem: { code: 'invalid_token' } })
  })

  it('takes the host of the URL for that of a request without one, to tell other sites', async () => {
    const { tokens } = await openTokens()
    const decide = authenticate(tokens, { caller: () => ADA })
    const from = (origin: string) => decide(new Request(ORIGIN, { method: 'POST', headers: { origin } }))
    expect(await from(ORIGIN)).toMatchObject({ ok: true })
    expect(await from('https://evil.example')).toMatchObject({ ok: false, problem: { status: 403 } })
  })

  it('refuses a token with networks unless the app knows the address', async () => {
    const { tokens } = await openTokens()
    const { secret } = await tokens.issue({ owner: 'acme', name: 'bound', scopes: [], networks: ['192.0.2.0/24'] })
    const request = new Request(ORIGIN, { headers: { authorization: `Bearer ${secret}`, 'x-real-ip': '192.0.2.7' } })
    expect(await authenticate(tokens)(request)).toMatchObject({ ok: false })
    const clientAddress = ({ headers }: Request) => headers.get('x-real-ip')
    expect(await authenticate(tokens, { clientAddress })(request)).toMatchObject({ ok: true })
  })

  it('reads a token in a form from a copy, and leaves the body to the app', async () => {
    const { tokens, secret } = await openTokens()
    const decide = authenticate(tokens, { carriers: { form: true } })
    const post = (body: string) => new Request(ORIGIN, { method: 'POST', headers: FORM, body })
    const request = post(`access_token=${secret}`)
    expect(await decide(request)).toMatchObject({ ok: true })
    expect(await request.text()).toBe(`access_token=${secret}`)
    const twice = await decide(post(`access_token=${secret}&access_token=${secret}`))
    expect(twice).toMatchObject({ ok: false, problem: { code: 'invalid_request' } })
    const tooLong = await decide(post(`access_token=${'x'.repeat(200_000)}`))
    expect(tooLong).toMatchObject({ ok: false, problem: { status: 413 } })
    await expect(decide(request)).rejects.toThrow('the body was read before')
  })

  it('tells the app why a request was refused, and from where', async () => {
    const { tokens, events } = await openTokens()
    const told: unknown[] = []
    const decide = authenticate(tokens, {
      clientAddress: () => '192.0.2.7',
      requestId: ({ headers }) => headers.get('x-request-id'),
      onRefusal: ({ url }, { reason, token }) => void told.push([url, reason, token]),
    })
    await decide(new Request(`${ORIGIN}/jobs`, { headers: { authorization: 'Bearer x', 'x-request-id': 'r1' } }))
    expect(told).toEqual([[`${ORIGIN}/jobs`, 'malformed', null]])
    expect((await events()).at(-1)).toMatchObject({ type: 'refused', ip: '192.0.2.7', requestId: 'r1' })
  })

  it('answers 503 while the store is down, and rejects for a fault of the app', async () => {
    const { tokens, outage, request } = await openTokens()
    outage.error = new Error('down')
    const reported: Error[] = []
    const down = await authenticate(tokens, { onError: (error) => void reported.push(error) })(request('/'))
    expect(!down.ok && [down.response.status, down.response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(reported).toHaveLength(1)
    const caller = () => {
      throw new Error('fault')
    }
    await expect(authenticate(tokens, { caller })(new Request(ORIGIN))).rejects.toThrow('fault')
  })

  it.each([
    ['scope', { scope: ['jobs:read'] }],
    ['caller', { caller: ADA }],
    ['clientAddress', { clientAddress: 'x' }],
    ['requestId', { requestId: 'x' }],
    ['onRefusal', { onRefusal: true }],
    ['optional', { optional: 'yes' }],
  ])('names the wrong option %s when it is built', async (name, options) => {
    const { tokens } = await openTokens()
    expect(() => authenticate(tokens, options as object)).toThrow(new RegExp(`^authenticate: .*"${name}"`))
  })

  it('is not built without tokens', () => {
    expect(() => authenticate({} as never)).toThrow('authenticate: the first argument')
  })
})
