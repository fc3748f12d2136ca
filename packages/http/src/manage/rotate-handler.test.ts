import { describe, expect, it } from 'vitest'
import { OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import type { Answer, OpenApi } from '../../testing/open-api.ts'
import type { RequestFacts } from '../../testing/request.ts'
import { paged } from '../dialects/paged.ts'
import { plain } from '../dialects/plain.ts'

const CI = { owner: OWNER, name: 'CI', scopes: ['jobs:read'] }
const HOUR = 3_600_000
const replayed = { 'Idempotent-Replayed': 'true' }

const secretIn = ({ json }: Answer): unknown => (json as { secret?: unknown }).secret
const forbidden = { status: 403, json: { error: { code: 'FORBIDDEN' } } }

/** Asks with a token's own secret. */
async function holder({ tokens }: OpenApi, request: Partial<Parameters<typeof tokens.issue>[0]> = {}) {
  const { token, secret } = await tokens.issue({ ...CI, ...request })
  const facts: RequestFacts = { caller: token, headers: { authorization: [`Bearer ${secret}`] } }
  return { token, secret, facts, path: `/${token.id}/rotate` }
}

describe('rotateHandler', () => {
  it('answers 201 with the successor and, this once, its secret', async () => {
    const { call, tokens } = openApi(plain)
    const { token, secret } = await tokens.issue(CI)
    const answer = await call('POST', `/${token.id}/rotate`)
    const { rotatedTo: id } = (await tokens.get(OWNER, token.id)) ?? {}
    expect(answer).toMatchObject({ status: 201, json: { token: { id, name: 'CI', status: 'active' } } })
    expect(answer.headers).not.toHaveProperty('Idempotent-Replayed')
    expect(Object.keys(answer.json as object)).toEqual(['token', 'secret'])
    await expect(tokens.verify(secret)).resolves.toMatchObject({ ok: true })
    await expect(tokens.verify(String(secretIn(answer)))).resolves.toMatchObject({ ok: true, token: { id } })
    await expect(tokens.verify(secret)).resolves.toEqual({ ok: false, reason: 'revoked' })
  })

  it('names the person who got the secret', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue({ ...CI, createdBy: 'ada' })
    const caller = { owner: OWNER, scopes: null, createdBy: 'ben' }
    expect(await call('POST', `/${token.id}/rotate`, { caller })).toMatchObject({ status: 201 })
    expect((await tokens.list(OWNER, { createdBy: 'ben' })).tokens).toMatchObject([{ rotatedFrom: token.id }])
  })

  it.each([
    [plain, 'overlapSeconds'],
    [paged, 'overlap_seconds'],
    [{ ...plain, overlapField: 'grace' }, 'grace'],
  ])('takes the overlap in seconds, under the name of the dialect (%#)', async (dialect, field) => {
    const { call, tokens, clock } = openApi(dialect)
    const { token, secret } = await tokens.issue(CI)
    await call('POST', `/${token.id}/rotate`, { json: { [field]: 60 } })
    clock.now += 59_999
    await expect(tokens.introspect(secret)).resolves.toMatchObject({ id: token.id })
    clock.now += 1
    await expect(tokens.introspect(secret)).resolves.toBeNull()
  })

  it.each([-1, 1.5, 30 * 24 * 3600 + 1, 1e300, '60', null, [60], true])('refuses the overlap %j', async (overlap) => {
    const { call, tokens } = openApi(paged)
    const { token } = await tokens.issue(CI)
    const answer = await call('POST', `/${token.id}/rotate`, { json: { overlap_seconds: overlap } })
    const message = 'overlap_seconds must be a whole number of seconds, 0 to 30 days'
    expect(answer).toMatchObject({ status: 400, json: { error: { field: 'overlap_seconds', message } } })
  })

  it.each([
    [plain, 'expiresAt'],
    [paged, 'expires_at'],
  ])(
    'renews a token for a person that asks for an expiry, under the name of the dialect (%#)',
    async (dialect, field) => {
      const day = 86_400_000
      const { call, tokens, clock } = openApi(dialect, { expiry: { defaultMs: 90 * day, maxMs: 90 * day } })
      const { token, secret } = await tokens.issue({ ...CI, scopes: ['tokens:write'] })
      clock.now += 89 * day
      const rotate = (ms: number | null, request: object = {}) => {
        const json = { [field]: ms && new Date(clock.now + ms).toISOString() }
        return call('POST', `/${token.id}/rotate`, { ...request, json })
      }
      const itself = { caller: token, headers: { authorization: [`Bearer ${secret}`] } }
      for (const [ms, request] of [[91 * day, {}] as const, [null, {}] as const, [2 * day, itself] as const]) {
        const refused = await rotate(ms, request)
        expect(refused).toMatchObject({ status: 400 })
        expect(refused.text).toContain(`${field} must be`)
      }
      const answer = await rotate(90 * day)
      expect(answer).toMatchObject({ status: 201 })
      const expiresAt = new Date(clock.now + 90 * day)
      expect(await tokens.authenticate(String(secretIn(answer)))).toMatchObject({ expiresAt })
    },
  )

  it('gives a token that was rotated before another successor', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    const { secret } = await tokens.rotate(OWNER, token.id)
    await expect(call('POST', `/${token.id}/rotate`)).resolves.toMatchObject({ status: 201 })
    await expect(tokens.introspect(secret)).resolves.toBeNull()
  })

  it('answers 409 under a key whose successor has ended, and names that', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    const request = { headers: { 'idempotency-key': ['a'] } }
    await call('POST', `/${token.id}/rotate`, request)
    const { rotatedTo } = (await tokens.get(OWNER, token.id)) ?? {}
    await tokens.revoke(OWNER, String(rotatedTo))
    await expect(call('POST', `/${token.id}/rotate`, request)).resolves.toMatchObject({
      status: 409,
      json: { error: { code: 'INVALID_TRANSITION', details: { rotatedTo } } },
    })
  })

  it('replays under a key without the secret', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    const request = { headers: { 'idempotency-key': ['a'] } }
    const answers = await Promise.all(Array.from({ length: 5 }, () => call('POST', `/${token.id}/rotate`, request)))
    const [first, ...more] = answers.toSorted((a) => (secretIn(a) === undefined ? 1 : -1))
    for (const replay of more) {
      expect(replay).toMatchObject({ status: 201, headers: replayed })
      expect({ ...(replay.json as object), secret: secretIn(first ?? replay) }).toEqual(first?.json)
      expect(secretIn(replay)).toBeUndefined()
    }
    await expect(
      call('POST', `/${token.id}/rotate`, { ...request, json: { overlapSeconds: 1 } }),
    ).resolves.toMatchObject({ status: 409, json: { error: { code: 'IDEMPOTENCY_CONFLICT' } } })
  })

  it('replays under a key with the secret for the calling token that asked, if the request carries its secret', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    const { token: caller, secret } = await tokens.issue(CI)
    const headers = { authorization: [`Bearer ${secret}`], 'idempotency-key': ['a'] }
    const first = await call('POST', `/${token.id}/rotate`, { caller, headers })
    const again = await call('POST', `/${token.id}/rotate`, { caller, headers })
    expect(secretIn(first)).toMatch(/^ot_pat_/)
    expect(again).toMatchObject({ status: 201, text: first.text, headers: replayed })
  })
})

describe('rotateHandler for the token itself', () => {
  it('gives the same secret again, marked, as long as the old one is accepted', async () => {
    const api = openApi(plain)
    const { facts, path } = await holder(api)
    const first = await api.call('POST', path, facts)
    const again = await api.call('POST', path, facts)
    expect(again).toMatchObject({ status: 201, headers: replayed, json: first.json as object })
    expect(secretIn(again)).toMatch(/^ot_pat_/)
  })

  it('answers a repeated key without the secret, which it gives without the key', async () => {
    const api = openApi(plain)
    const { facts, path } = await holder(api)
    const keyed = { ...facts, headers: { ...facts.headers, 'idempotency-key': ['a'] } }
    const first = await api.call('POST', path, keyed)
    const replay = await api.call('POST', path, keyed)
    expect(replay).toMatchObject({ status: 201, headers: replayed })
    expect(secretIn(replay)).toBeUndefined()
    expect(secretIn(await api.call('POST', path, facts))).toBe(secretIn(first))
  })

  it('does so also where it expires, has no scope, and its owner is at the limit', async () => {
    const api = openApi(plain, { activeLimit: 1 })
    const { facts, path } = await holder(api, { scopes: [], expiresAt: new Date(api.clock.now + HOUR) })
    await expect(api.call('POST', path, facts)).resolves.toMatchObject({ status: 201 })
  })

  it('keeps the time of a token whose secret is not in the header: it slides on, and may be rotated again', async () => {
    const api = openApi(plain, { expiry: { slidingMs: HOUR, maxMs: 24 * HOUR } })
    const { token, path } = await holder(api)
    const rotate = async () => {
      const caller = (await api.tokens.get(OWNER, token.id)) ?? token
      return api.call('POST', path, { caller, json: { overlapSeconds: 60 } })
    }
    await expect(rotate()).resolves.toMatchObject({ status: 201 })
    const again = await rotate()
    expect(again).toMatchObject({ status: 201, json: { token: { expiresAt: token.expiresAt?.toISOString() } } })
    api.clock.now += HOUR / 2
    await api.tokens.verify(String(secretIn(again)))
    await api.tokens.flush()
    const { rotatedTo } = (await api.tokens.get(OWNER, token.id)) ?? {}
    const slid = await api.tokens.get(OWNER, String(rotatedTo))
    expect(slid?.expiresAt).toEqual(new Date(api.clock.now + HOUR))
  })

  it('gives no successor for a credential that ends before the token', async () => {
    const api = openApi(plain)
    const { token, path } = await holder(api)
    const credentialEndsAt = new Date(api.clock.now + 1_000)
    const caller = { ...token, expiresAt: credentialEndsAt, credentialEndsAt }
    await expect(api.call('POST', path, { caller })).resolves.toMatchObject(forbidden)
  })

  it('rotates the token of the path, whatever other secret is in the header', async () => {
    const api = openApi(plain)
    const { token, facts, path } = await holder(api)
    const other = await api.tokens.issue(CI)
    const foreign = await api.tokens.issue({ ...CI, owner: OTHER_OWNER })
    for (const secret of [other.secret, foreign.secret, 'eyJhbGciOiJIUzI1NiJ9.e30.x'])
      await api.call('POST', path, { ...facts, headers: { authorization: [`Bearer ${secret}`] } })
    await expect(api.tokens.get(OWNER, token.id)).resolves.toMatchObject({ rotatedTo: expect.any(String) })
    for (const { token: untouched } of [other, foreign])
      await expect(api.tokens.get(untouched.owner, untouched.id)).resolves.toMatchObject({ rotatedTo: null })
  })
})

describe('rotateHandler for a token that another one rotates', () => {
  it('hands out no more scopes than the caller’s', async () => {
    const api = openApi(plain)
    const { path, token } = await holder(api, { scopes: ['jobs:read', 'jobs:write'] })
    const { facts } = await holder(api)
    await expect(api.call('POST', path, facts)).resolves.toMatchObject({
      status: 403,
      json: { error: { code: 'FORBIDDEN', details: { scopes: ['jobs:write'] } } },
    })
    await expect(api.tokens.get(OWNER, token.id)).resolves.toMatchObject({ rotatedTo: null })
  })

  it('hands out none that was added in the meantime', async () => {
    const api = openApi(plain)
    const { path, token } = await holder(api)
    const { facts } = await holder(api)
    const { rotate } = api.tokens
    api.tokens.rotate = (async (owner: string, id: string, options = {}) => {
      await api.tokens.edit(owner, id, { scopes: ['jobs:read', 'jobs:write'] })
      return rotate(owner, id, options)
    }) as typeof rotate
    const answer = await api.call('POST', path, facts)
    expect(answer).toMatchObject(forbidden)
    expect(answer.text).not.toContain('ot_pat_')
    await expect(api.tokens.get(OWNER, token.id)).resolves.toMatchObject({ rotatedTo: null, status: 'active' })
  })

  it.each([undefined, 2 * HOUR])('hands out none that outlives the caller: %s', async (lifetime) => {
    const limited = openApi(plain)
    const open = openApi(plain, {}, { mayOutlive: true })
    for (const api of [limited, open]) {
      const expiresAt = lifetime === undefined ? null : new Date(api.clock.now + lifetime)
      const { path } = await holder(api, { expiresAt })
      const { facts } = await holder(api, { expiresAt: new Date(api.clock.now + HOUR) })
      const answer = await api.call('POST', path, facts)
      expect(answer).toMatchObject(api === open ? { status: 201 } : forbidden)
    }
  })

  it.each([
    [null, 403],
    [['192.0.2.0/24', '198.51.100.7'], 403],
    [['192.0.2.64/26'], 201],
  ])('hands out none for more networks than the caller’s: %j', async (networks, status) => {
    const api = openApi(plain)
    const { path } = await holder(api, { networks })
    const { facts } = await holder(api, { networks: ['192.0.2.0/24'] })
    await expect(api.call('POST', path, { ...facts, ip: '192.0.2.7' })).resolves.toMatchObject({ status })
  })

  it('rotates one that is no more than the caller, each time anew', async () => {
    const api = openApi(plain)
    const { path } = await holder(api, { expiresAt: new Date(api.clock.now + HOUR) })
    const { facts } = await holder(api, { expiresAt: new Date(api.clock.now + HOUR) })
    await expect(api.call('POST', path, facts)).resolves.toMatchObject({ status: 201 })
    await expect(api.call('POST', path, facts)).resolves.toMatchObject({ status: 201 })
  })

  it('answers an unknown one and another owner’s alike', async () => {
    const api = openApi(plain)
    const { facts } = await holder(api)
    const { token } = await api.tokens.issue({ ...CI, owner: OTHER_OWNER })
    for (const id of [token.id, crypto.randomUUID()])
      await expect(api.call('POST', `/${id}/rotate`, facts)).resolves.toMatchObject({
        status: 404,
        json: { error: { code: 'NOT_FOUND', details: { tokenId: id } } },
      })
  })
})
