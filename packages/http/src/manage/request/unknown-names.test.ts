import { describe, expect, it } from 'vitest'
import { OWNER, openApi } from '../../../testing/open-api.ts'
import { paged } from '../../dialects/paged.ts'
import { standard } from '../../dialects/standard/standard.ts'
import { refuseOtherParameters } from './unknown-names.ts'

const CI = { name: 'CI', scopes: [] }
const SECRET = `ot_pat_${'Aa0'.repeat(16)}`

describe('unknown names in a request, in a dialect that names them', () => {
  it('says which parameter is unknown, which is meant, and which there are', async () => {
    const { call } = openApi(standard)
    expect(await call('GET', '/', { query: 'createdby=x&per_page=2' })).toMatchObject({
      status: 400,
      json: {
        code: 'invalid_parameter',
        detail: expect.stringMatching(
          /^createdby is not a known query parameter\. Did you mean createdBy\? Known are status, /,
        ),
        errors: [
          { parameter: 'createdby' },
          { parameter: 'per_page', detail: expect.stringContaining(' limit, after.') },
        ],
      },
    })
  })

  it('refuses fields likewise, in every body', async () => {
    const { call, tokens } = openApi(standard)
    const { token } = await tokens.issue({ owner: OWNER, ...CI })
    const asked = [
      await call('POST', '/', { json: { ...CI, expires_at: null } }),
      await call('PATCH', `/${token.id}`, { json: { ...CI, expires_at: null } }),
      await call('POST', `/${token.id}/rotate`, { json: { expires_at: null } }),
      await call('POST', `/${token.id}/suspend`, { json: { expires_at: null } }),
      await call('POST', '/revoke-all', { json: { createdBy: 'ada', expires_at: null } }),
    ]
    for (const { status, json } of asked)
      expect([status, json]).toMatchObject([400, { errors: [{ parameter: 'expires_at' }] }])
    expect(asked[0]?.json).toMatchObject({
      detail: expect.stringContaining(' Did you mean expiresAt? Known are name, scopes, expiresAt'),
    })
    expect(asked[3]?.json).toMatchObject({ detail: 'expires_at is not a known field. This request takes no field.' })
    expect((await call('POST', '/', { json: { ...CI, owner: 'other' } })).json).toMatchObject({
      errors: [{ parameter: 'owner', detail: 'owner must be left out: the owner is the caller' }],
    })
  })

  it.each([
    ['GET', ''],
    ['GET', '/usage'],
    ['GET', '/self'],
    ['DELETE', '/self'],
    ['POST', ''],
  ])('refuses %s %s with a parameter of no operation', async (method, path) => {
    const { call, tokens } = openApi(standard)
    const { token: caller } = await tokens.issue({ owner: OWNER, name: 'CI', scopes: ['tokens:read', 'tokens:write'] })
    const answer = await call(method, path || '/', {
      caller,
      query: 'dryRun=true',
      ...(method === 'POST' && { json: CI }),
    })
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ parameter: 'dryRun' }] } })
    await expect(tokens.list(OWNER)).resolves.toMatchObject({ tokens: [{ status: 'active' }], total: 1 })
  })

  it('repeats no name that may be a secret', async () => {
    const { call } = openApi(standard)
    const asked = [
      await call('GET', '/', { query: `${SECRET}=1` }),
      await call('GET', '/', { query: `${'a'.repeat(33)}=1` }),
      await call('POST', '/', { json: { ...CI, [SECRET]: 1 } }),
    ]
    for (const { status, json, text } of asked) {
      expect([status, json]).toMatchObject([400, { detail: expect.stringContaining('Its name is not repeated here.') }])
      expect(text).not.toMatch(/Aa0|aaaa/)
    }
  })

  it('leaves the token in the query to whoever authenticates, and the key to its dialect', () => {
    const dialect = { listParameters: ['limit'] }
    expect(() => refuseOtherParameters('access_token=x', [], dialect)).not.toThrow()
    expect(() => refuseOtherParameters('idempotency_key=x', [], dialect)).toThrow('idempotency_key')
    expect(() =>
      refuseOtherParameters('idempotency_key=x', [], { ...dialect, idempotencyParameter: 'idempotency_key' }),
    ).not.toThrow()
    expect(() => refuseOtherParameters('limit=1&other=2', ['limit'], paged)).not.toThrow()
  })

  it('names at most ten', async () => {
    const query = [...'abcdefghijklmnopqrstuvwxyz'].map((name) => `${name}=1`).join('&')
    const { json } = await openApi(standard).call('GET', '/', { query })
    expect(json).toHaveProperty('errors.length', 10)
  })
})
