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
    [{ name: 'CD', expires_at: null }, undefined],
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
    const names = fc.constantFrom('name', 'scopes', '__proto__', 'owner', 'toString', 'overlapSeconds')
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
