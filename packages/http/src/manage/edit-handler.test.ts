import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OWNER, openApi } from '../../testing/open-api.ts'
import { paged } from '../dialects/paged.ts'
import { plain } from '../dialects/plain.ts'

const CI = { owner: OWNER, name: 'CI', scopes: ['jobs:read', 'jobs:write'] }
const WIDER = ['jobs:read', 'jobs:run', 'jobs:write']

describe('editHandler', () => {
  it('changes the name, the scopes, or both, and nothing else', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    const record = ((await call('GET', `/${token.id}`)).json as { token: object }).token
    for (const [fields, after] of [
      [{ name: 'CD' }, { name: 'CD' }],
      [{ scopes: ['jobs:read'] }, { name: 'CD', scopes: ['jobs:read'] }],
      [
        { name: 'CI', scopes: [] },
        { name: 'CI', scopes: [] },
      ],
    ]) {
      const answer = await call('PATCH', `/${token.id}`, { json: fields })
      expect(answer).toMatchObject({ status: 200 })
      expect(answer.json).toEqual({ token: { ...record, ...after } })
    }
  })

  it('lets a person add any scope, and another token only its own', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    const add = (scopes: string[] | null) =>
      call('PATCH', `/${token.id}`, { caller: { owner: OWNER, scopes }, json: { scopes: WIDER } })
    await expect(add(['jobs:read'])).resolves.toMatchObject({
      status: 403,
      json: { error: { code: 'FORBIDDEN', details: { scopes: ['jobs:run'] } } },
    })
    await expect(add(['jobs:run'])).resolves.toMatchObject({ status: 200, json: { token: { scopes: WIDER } } })
    await tokens.edit(OWNER, token.id, { scopes: [] })
    await expect(add(null)).resolves.toMatchObject({ status: 200 })
  })

  it('adds no scope for a token to one that outlives it or may be used from more networks', async () => {
    const { call, tokens, clock } = openApi(plain)
    const bound = { expiresAt: new Date(clock.now + 1000), networks: ['192.0.2.7'] }
    const limited = await tokens.issue({ ...CI, scopes: WIDER, ...bound })
    const { owner, scopes, networks, expiresAt } = limited.token
    for (const caller of [limited.token, { owner, scopes, networks, expiresAt }]) {
      const { token } = await tokens.issue(CI)
      const widen = () => call('PATCH', `/${token.id}`, { caller, ip: '192.0.2.7', json: { scopes: WIDER } })
      await expect(widen()).resolves.toMatchObject({ status: 403, json: { error: { code: 'FORBIDDEN' } } })
      await tokens.edit(OWNER, token.id, { networks: ['192.0.2.7'] })
      await expect(widen()).resolves.toMatchObject({ status: 403 })
      await expect(tokens.get(OWNER, token.id)).resolves.toMatchObject({ scopes: CI.scopes })
      await tokens.edit(OWNER, token.id, { expiresAt })
      await expect(widen()).resolves.toMatchObject({ status: 200 })
    }
  })

  it('narrows expiry and networks for any caller, and widens them within those of the caller', async () => {
    const { call, tokens, clock } = openApi(plain)
    const [soon, later] = [1_000, 2_000].map((ms) => new Date(clock.now + ms))
    const { token: caller } = await tokens.issue({ ...CI, expiresAt: later, networks: ['192.0.2.0/24'] })
    const { token } = await tokens.issue(CI)
    const edit = (json: object) => call('PATCH', `/${token.id}`, { caller, ip: '192.0.2.7', json })
    const forbidden = { status: 403, json: { error: { code: 'FORBIDDEN' } } }
    await expect(edit({ expiresAt: soon, networks: ['192.0.2.7'] })).resolves.toMatchObject({ status: 200 })
    await expect(tokens.get(OWNER, token.id)).resolves.toMatchObject({ expiresAt: soon, networks: ['192.0.2.7/32'] })
    for (const wider of [{ expiresAt: null }, { networks: null }, { networks: ['192.0.2.0/23'] }])
      await expect(edit(wider)).resolves.toMatchObject(forbidden)
    await expect(edit({ expiresAt: later, networks: caller.networks })).resolves.toMatchObject({ status: 200 })
    await expect(tokens.get(OWNER, token.id)).resolves.toMatchObject({ expiresAt: later, networks: caller.networks })
  })

  it('lets a token give up time and networks of its own, and take none back', async () => {
    const { call, tokens, clock } = openApi(paged)
    const [soon, later] = [1_000, 2_000].map((ms) => new Date(clock.now + ms))
    const { token: caller } = await tokens.issue({ ...CI, scopes: ['tokens:write'], expiresAt: later })
    const edit = (json: object) => call('PATCH', `/${caller.id}`, { caller, ip: '192.0.2.7', json })
    await expect(edit({ expires_at: soon, networks: ['192.0.2.7'] })).resolves.toMatchObject({ status: 200 })
    // The request may have been authenticated before they were given up.
    for (const back of [{ expires_at: later }, { expires_at: null }, { networks: null }])
      await expect(edit(back)).resolves.toMatchObject({ status: 403 })
  })

  it('lets a token give up scopes of its own, and take none back', async () => {
    const { call, tokens } = openApi(plain)
    const { token: caller } = await tokens.issue(CI)
    const edit = (scopes: string[]) => call('PATCH', `/${caller.id}`, { caller, json: { scopes } })
    await expect(edit(['jobs:read'])).resolves.toMatchObject({ status: 200 })
    // The request may have been authenticated before the scopes were given up.
    await expect(edit(['jobs:read', 'jobs:write'])).resolves.toMatchObject({
      status: 403,
      json: { error: { details: { scopes: ['jobs:write'] } } },
    })
  })

  it('does not edit a revoked token', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    await tokens.revoke(OWNER, token.id)
    await expect(call('PATCH', `/${token.id}`, { json: { name: 'CD' } })).resolves.toMatchObject({ status: 409 })
  })

  it.each([
    [{}, undefined],
    [{ name: null }, 'name'],
    [{ name: '' }, 'name'],
    [{ scopes: 'jobs:read' }, 'scopes'],
    [{ scopes: ['a b'] }, 'scopes'],
    [{ owner: OWNER, name: 'CD' }, 'owner'],
    [{ expires_at: 'tomorrow' }, 'expires_at'],
    [{ expires_at: '2020-01-31T00:00:00Z' }, 'expires_at'],
    [{ networks: '192.0.2.7' }, 'networks'],
    [{ networks: [] }, 'networks'],
    [{ name: 'CD', expiresAt: null }, undefined],
    [{ name: 'CD', status: 'active' }, undefined],
  ])('refuses %j', async (json, field) => {
    const { call, tokens } = openApi(paged)
    const { token } = await tokens.issue(CI)
    const answer = await call('PATCH', `/${token.id}`, { json })
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'invalid_parameter' } } })
    expect(answer.json).toEqual({ error: { ...(answer.json as { error: object }).error, ...(field && { field }) } })
    await expect(tokens.get(OWNER, token.id)).resolves.toEqual(token)
  })

  it('has an answer for every body, and never one that blames itself', async () => {
    const { call, tokens } = openApi(plain)
    const { token } = await tokens.issue(CI)
    const value = fc.jsonValue({ maxDepth: 2 })
    const names = fc.constantFrom(
      'name',
      'scopes',
      'expiresAt',
      'networks',
      '__proto__',
      'owner',
      'toString',
      'overlapSeconds',
    )
    const bodies = fc.oneof(value, fc.dictionary(names, value)).map((json) => ({ json }))
    const raw = fc.oneof(fc.string(), fc.uint8Array()).map((body) => ({
      body,
      headers: { 'content-type': ['application/json'] },
    }))
    const routes = fc.constantFrom(['PATCH', ''], ['POST', '/suspend'], ['POST', '/resume'], ['POST', '/rotate'])
    await fc.assert(
      fc.asyncProperty(routes, fc.oneof(bodies, raw), async ([method = '', action = ''], facts) => {
        const { status } = await call(method, `/${token.id}${action}`, facts)
        expect([200, 201, 400, 409]).toContain(status)
      }),
      { numRuns: 1000 },
    )
  })
})
