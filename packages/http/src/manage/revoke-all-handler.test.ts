import { describe, expect, it } from 'vitest'
import { OTHER_OWNER, OWNER, openApi } from '../../testing/open-api.ts'
import { plain } from '../dialects/plain.ts'
import { standard } from '../dialects/standard/standard.ts'
import { revokeAllHandler } from './revoke-all-handler.ts'
import { tokenEndpoint } from './token-endpoint.ts'
import { usageHandler } from './usage-handler.ts'

const CI = { name: 'CI', scopes: ['jobs:read'] }
const MAY = ['tokens:write', 'tokens:revoke-all']

describe('revokeAllHandler', () => {
  async function open() {
    const opened = openApi(standard)
    const { tokens, clock } = opened
    const { token: caller } = await tokens.issue({ owner: OWNER, name: 'caller', scopes: MAY, createdBy: 'ada' })
    clock.now += 1_000
    await tokens.issue({ owner: OWNER, ...CI, createdBy: 'ada' })
    await tokens.issue({ owner: OWNER, ...CI, createdBy: 'bob', scopes: ['jobs:write'] })
    await tokens.issue({ owner: OTHER_OWNER, ...CI, createdBy: 'ada' })
    const active = async (owner = OWNER) =>
      (await tokens.list(owner, { statuses: ['active'] })).tokens.map(({ name, createdBy }) => `${name} ${createdBy}`)
    const revoke = (json: object, facts = {}) => opened.call('POST', '/revoke-all', { caller, json, ...facts })
    return { ...opened, caller, active, revoke }
  }

  it('revokes the owner’s tokens that meet the filter, and says how many', async () => {
    const { revoke, active } = await open()
    expect(await revoke({ createdBy: 'bob' })).toMatchObject({ status: 200, json: { revoked: 1 } })
    expect(await active()).toEqual(['caller ada', 'CI ada'])
    expect(await active(OTHER_OWNER)).toEqual(['CI ada'])
  })

  it.each([
    [{ createdBy: 'ada', scope: 'jobs:read' }, ['caller ada', 'CI bob']],
    [{ createdBefore: '2126-01-01T00:00:00Z', exceptId: 'self' }, ['caller ada']],
    [{ createdBy: 'ada' }, ['CI bob']],
  ])('asks for all filters of %j at once', async (json, left) => {
    const { revoke, active } = await open()
    expect((await revoke(json)).status).toBe(200)
    expect(await active()).toEqual(left)
  })

  it('keeps the reason, and what the calling token issued is found by its id', async () => {
    const { revoke, tokens, caller, call } = await open()
    const { json } = await call('POST', '/', { caller, json: { ...CI, scopes: [] } })
    expect((await revoke({ issuedBy: caller.id, reason: 'leaked' })).json).toEqual({ revoked: 1 })
    const { id } = (json as { token: { id: string } }).token
    await expect(tokens.get(OWNER, id)).resolves.toMatchObject({ revokedReason: 'leaked' })
  })

  it('answers a repeat under the same key alike, and another request with 409', async () => {
    const { revoke, tokens } = await open()
    const keyed = { headers: { 'idempotency-key': ['leak-7'] } }
    const first = await revoke({ createdBy: 'bob' }, keyed)
    await tokens.issue({ owner: OWNER, ...CI, createdBy: 'bob' })
    const again = await revoke({ createdBy: 'bob' }, keyed)
    expect([again.status, again.text]).toEqual([first.status, first.text])
    expect(again.headers).toHaveProperty('Idempotent-Replayed', 'true')
    expect(await revoke({ createdBy: 'ada' }, keyed)).toMatchObject({
      status: 409,
      json: { code: 'idempotency_conflict' },
    })
  })

  it.each<[object, string]>([
    [{}, 'one of createdBy, issuedBy, createdBefore, scope is required: it says which tokens to revoke'],
    [{ exceptId: 'self' }, 'one of createdBy, issuedBy, createdBefore, scope is required'],
    [{ reason: 'leaked' }, 'one of createdBy'],
    [{ createdBy: null }, 'createdBy must be a text'],
    [{ createdBy: '' }, 'createdBy must be 1 to 255 characters'],
    [{ createdBy: 'a', createdBefore: null }, 'createdBefore must be an RFC 3339 date-time'],
    [{ createdBefore: 'yesterday' }, 'createdBefore must be'],
    [{ issuedBy: 'secret' }, 'issuedBy must be the id of a token'],
    [{ scope: '' }, 'scope must be one scope'],
    [{ createdBy: 'a', exceptId: 'x' }, 'exceptId must be the id of a token'],
    [{ createdBy: 'a', reason: 'rotated' }, 'reason must be one of requested, leaked'],
  ])('revokes nothing for %j', async (json, detail) => {
    const { revoke, active } = await open()
    expect(await revoke(json)).toMatchObject({ status: 400, json: { detail: expect.stringContaining(detail) } })
    expect(await active()).toHaveLength(3)
  })

  it('needs its own scope, and a calling token for self', async () => {
    const { revoke, call, active } = await open()
    const writer = { caller: { owner: OWNER, scopes: ['tokens:read', 'tokens:write'] } }
    expect(await revoke({ createdBy: 'ada' }, writer)).toMatchObject({
      status: 403,
      headers: { 'WWW-Authenticate': expect.stringContaining('scope="tokens:revoke-all"') },
    })
    const json = { createdBy: 'ada', exceptId: 'self' }
    expect(await call('POST', '/revoke-all', { json })).toMatchObject({
      status: 400,
      json: { errors: [{ parameter: 'exceptId' }] },
    })
    expect(await active()).toHaveLength(3)
  })
})

describe('usage and revokeAll in a dialect without words for them', () => {
  it('are not there: their paths are those of tokens', async () => {
    const { call, tokens } = openApi(plain)
    expect(await call('GET', '/usage')).toMatchObject({ status: 404, json: { error: { code: 'NOT_FOUND' } } })
    expect(await call('POST', '/revoke-all')).toMatchObject({
      status: 405,
      headers: { Allow: 'GET, HEAD, DELETE, PATCH' },
    })
    for (const build of [usageHandler, revokeAllHandler])
      expect(() => build(tokens, { dialect: plain })).toThrow(new RegExp(`^${build.name}: the dialect has no write`))
    expect(() => tokenEndpoint(tokens, { dialect: plain }, ['usage'])).toThrow('the dialect has no words for usage')
  })

  it('revokeAll is not built without a scope of its own', () => {
    const { tokens } = openApi(plain)
    const { scopes: _, ...dialect } = standard
    expect(() => tokenEndpoint(tokens, { dialect }, ['revokeAll'])).toThrow('revoking in bulk needs scopes.revokeAll')
  })
})
