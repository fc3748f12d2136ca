import { describe, expect, it } from 'vitest'
import { NOW, OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import { NOBODY, sampleToken } from '../../testing/sample-token.ts'
import { Problem } from '../message/problem.ts'
import list from './fixtures/plain-list.json' with { type: 'json' }
import revoke from './fixtures/plain-revoke.json' with { type: 'json' }
import { plain } from './plain.ts'

const CI = { owner: OWNER, name: 'CI', scopes: ['jobs:read'] }

interface Listed {
  readonly tokens: readonly { readonly id: string; readonly status: string }[]
}

describe('plain', () => {
  it('writes the list that the API page shows', () => {
    const agent = sampleToken({
      id: '<TOKEN_ID>',
      name: 'Hiring agent',
      scopes: ['jobs:read', 'jobs:write', 'proposals:read'],
      createdAt: new Date('2026-06-12T10:00:00Z'),
      lastUsedAt: new Date('2026-06-12T11:30:00Z'),
    })
    const old = sampleToken({
      id: '<TOKEN_ID_2>',
      name: 'Old CI token',
      preview: 'ot_pat_91ab********77e2',
      scopes: ['jobs:read'],
      status: 'revoked',
      createdAt: new Date('2026-05-27T18:30:46.565Z'),
      revokedAt: new Date('2026-05-27T18:36:08.676Z'),
    })
    const page = { tokens: [agent, old], total: null, next: null }
    const written = plain.writePage(page, plain.readList(new URLSearchParams(), OWNER), OWNER, NOBODY)
    expect(JSON.stringify(written)).toBe(JSON.stringify(list))
  })

  it('writes the revoked token that the API page shows', () => {
    const old = sampleToken({
      id: '<TOKEN_ID>',
      name: 'Old CI token',
      preview: 'ot_pat_91ab********77e2',
      scopes: ['jobs:read'],
      status: 'revoked',
      createdAt: new Date('2026-05-27T18:30:46.565Z'),
      lastUsedAt: new Date('2026-06-01T09:15:00Z'),
      revokedAt: new Date('2026-06-12T10:00:00Z'),
    })
    expect(JSON.stringify(plain.writeToken(old, NOBODY))).toBe(JSON.stringify(revoke))
  })

  it('writes every time in UTC with milliseconds', () => {
    const at = new Date('2026-06-12T10:00:00.999Z')
    const token = sampleToken({ createdAt: at, lastUsedAt: at, expiresAt: at, revokedAt: at })
    const times = { createdAt: at, lastUsedAt: at, expiresAt: at, revokedAt: at }
    expect(plain.writeToken(token, NOBODY)).toMatchObject(JSON.parse(JSON.stringify({ token: times })))
  })

  it('shows of a secret its prefix, the first and last 4 characters and exactly 8 asterisks', async () => {
    const { call, tokens } = openApi(plain)
    const { secret, token } = await tokens.issue(CI)
    const preview = `${secret.slice(0, 'ot_pat_'.length + 4)}********${secret.slice(-4)}`
    await expect(call('GET', `/${token.id}`)).resolves.toMatchObject({ json: { token: { preview } } })
  })

  it('shows the organization that the app has set', () => {
    const token = sampleToken({ attributes: { organizationId: 'org-1' } })
    expect(plain.writeToken(token, NOBODY)).toMatchObject({ token: { organizationId: 'org-1' } })
  })

  it('lists everything at once, whatever the status, newest first', async () => {
    const { call, tokens, clock } = openApi(plain, { activeLimit: null })
    const issue = async (name: string, expiresAt: Date | null = null) => {
      clock.now += 1
      return (await tokens.issue({ ...CI, name, expiresAt })).token.id
    }
    await issue('expired', new Date(NOW + 10))
    await tokens.revoke(OWNER, await issue('revoked'))
    await tokens.suspend(OWNER, await issue('suspended'))
    for (let i = 0; i < 120; i++) await issue('active')
    const { json } = await call('GET')
    const statuses = (json as Listed).tokens.map(({ status }) => status)
    expect(statuses.slice(0, 120)).toEqual(Array.from({ length: 120 }, () => 'active'))
    expect(statuses.slice(120)).toEqual(['suspended', 'revoked', 'expired'])
  })

  it('breaks ties of creation by id, descending too', async () => {
    const { call, tokens } = openApi(plain)
    for (let i = 0; i < 10; i++) await tokens.issue(CI)
    const ids = ((await call('GET')).json as Listed).tokens.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted().toReversed())
  })

  it('has no parameters: any query lists the same', async () => {
    const { call, tokens } = openApi(plain)
    await tokens.issue(CI)
    const query = 'page=-1&page=x&limit=0&status=&cursor=a&name=zzz'
    expect(await call('GET', '/', { query })).toEqual(await call('GET'))
  })

  it('needs no scope to manage tokens', async () => {
    const { call, tokens } = openApi(plain)
    const { token: caller } = await tokens.issue({ ...CI, scopes: [] })
    const { token } = await tokens.issue({ ...CI, owner: OTHER_OWNER })
    await expect(call('GET', '/', { caller })).resolves.toMatchObject({ status: 200 })
    await expect(call('POST', '/', { caller, json: { name: 'CI', scopes: [] } })).resolves.toMatchObject({
      status: 201,
    })
    await expect(call('DELETE', `/${token.id}`, { caller })).resolves.toMatchObject({ status: 404 })
    await expect(call('DELETE', `/${caller.id}`, { caller })).resolves.toMatchObject({ status: 200 })
  })

  it('refuses the 26th active token and says how many there are', async () => {
    const { call } = openApi(plain)
    const json = { name: 'CI', scopes: [] }
    for (let i = 0; i < 25; i++) await expect(call('POST', '/', { json })).resolves.toMatchObject({ status: 201 })
    const answer = await call('POST', '/', { json })
    expect(answer.status).toBe(409)
    expect(answer.json).toEqual({
      error: { code: 'TOKEN_LIMIT_REACHED', message: expect.any(String), details: { limit: 25, active: 25 } },
    })
  })

  it('repeats an id that was not found only where it has the shape of one', async () => {
    const { call } = openApi(plain)
    const id = 'b4f0c0de-0000-4000-8000-000000000001'
    const notFound = (details: object) => ({
      error: { code: 'NOT_FOUND', message: 'There is no such token.', details },
    })
    await expect(call('GET', `/${id}`)).resolves.toMatchObject({ status: 404, json: notFound({ tokenId: id }) })
    expect((await call('GET', '/ot_pat_0123')).json).toEqual(notFound({}))
  })

  it.each([
    ['unauthenticated', 'UNAUTHORIZED'],
    ['invalid_token', 'UNAUTHORIZED'],
    ['insufficient_scope', 'FORBIDDEN'],
    ['forbidden', 'FORBIDDEN'],
    ['not_found', 'NOT_FOUND'],
    ['malformed_id', 'NOT_FOUND'],
    ['invalid_request', 'BAD_REQUEST'],
    ['invalid_parameter', 'BAD_REQUEST'],
    ['missing_parameter', 'BAD_REQUEST'],
    ['malformed_reference', 'BAD_REQUEST'],
    ['method_not_allowed', 'METHOD_NOT_ALLOWED'],
    ['active_limit_reached', 'TOKEN_LIMIT_REACHED'],
    ['idempotency_conflict', 'IDEMPOTENCY_CONFLICT'],
    ['invalid_transition', 'INVALID_TRANSITION'],
    ['payload_too_large', 'PAYLOAD_TOO_LARGE'],
    ['unsupported_media_type', 'UNSUPPORTED_MEDIA_TYPE'],
    ['unavailable', 'UNAVAILABLE'],
  ] as const)('words %s as %s, with details that are always an object', (code, wireCode) => {
    const expected = { error: { code: wireCode, message: 'Words.', details: {} } }
    expect(plain.writeError(new Problem(code, 'Words.'))).toEqual(expected)
  })
})
