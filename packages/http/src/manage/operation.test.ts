import { describe, expect, it, vi } from 'vitest'
import { OTHER_OWNER, OWNER, PERSON, openApi } from '../../testing/open-api.ts'
import { requestOf } from '../../testing/request.ts'
import type { RequestFacts } from '../../testing/request.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { plain } from '../dialects/plain.ts'
import { jsonResponse } from '../message/message.ts'
import { Problem } from '../message/problem.ts'
import { operation } from './operation.ts'

const guarded: Dialect = {
  ...plain,
  scopes: { read: ['tokens:read'], write: ['tokens:write', 'tokens:admin'] },
  checkOwner({ params }, owner) {
    if (params['orgID'] !== owner) throw new Problem('forbidden', 'Another owner.')
  },
}

function ask(access: 'read' | 'write', facts: RequestFacts, dialect: Dialect = guarded, wildcards = false) {
  const { tokens } = openApi(dialect, { wildcards })
  const handle = operation(access, tokens, { dialect }, async ({ caller }) => jsonResponse(200, caller))
  return handle(requestOf(facts))
}

describe('operation', () => {
  const params = { orgID: OWNER }

  it('answers a caller who may ask', async () => {
    const caller = { owner: OWNER, scopes: ['tokens:read'] }
    await expect(ask('read', { caller, params })).resolves.toEqual(jsonResponse(200, caller))
  })

  it('asks first who is calling, then whose tokens are meant, then for scopes', async () => {
    const caller = { owner: OTHER_OWNER, scopes: [] }
    await expect(ask('read', { caller: null, params })).resolves.toMatchObject({ status: 401 })
    await expect(ask('read', { caller, params })).resolves.toMatchObject({
      status: 403,
      body: expect.stringContaining('Another owner.'),
    })
    await expect(ask('read', { caller: { ...caller, owner: OWNER }, params })).resolves.toMatchObject({
      status: 403,
      headers: { 'WWW-Authenticate': expect.stringContaining('scope="tokens:read"') },
    })
  })

  it('needs all scopes that the dialect has for this access', async () => {
    const asking = (scopes: string[]) => ask('write', { caller: { owner: OWNER, scopes }, params })
    await expect(asking(['tokens:write'])).resolves.toMatchObject({
      status: 403,
      headers: { 'WWW-Authenticate': expect.stringContaining('scope="tokens:write tokens:admin"') },
    })
    await expect(asking(['tokens:write', 'tokens:admin'])).resolves.toMatchObject({ status: 200 })
  })

  it('asks for the scopes of its options in place of those of the dialect', async () => {
    const { tokens } = openApi(plain)
    const scopes = { read: ['keys:read'] }
    const asking = (access: 'read' | 'write', held: string[], dialect = guarded) =>
      operation(access, tokens, { dialect, scopes }, async () => jsonResponse(200, null))(
        requestOf({ caller: { owner: OWNER, scopes: held }, params }),
      )
    for (const dialect of [plain, guarded]) {
      await expect(asking('read', ['keys:read'], dialect)).resolves.toMatchObject({ status: 200 })
      await expect(asking('read', ['tokens:read'], dialect)).resolves.toMatchObject({
        status: 403,
        headers: { 'WWW-Authenticate': expect.stringContaining('scope="keys:read"') },
      })
    }
    await expect(asking('write', ['keys:read'])).resolves.toMatchObject({ status: 403 })
  })

  it.each<[string, object]>([
    ['unknown option "mayoutlive"; the options are dialect, onError, mayOutlive, scopes', { mayoutlive: true }],
    ['option "mayOutlive" must be a boolean', { mayOutlive: 'no' }],
    ['scopes: unknown option "reed"; the options are read, write, revokeAll', { scopes: { reed: ['a'] } }],
    ['dialect: unknown option "checkowner"', { dialect: { ...plain, checkowner: () => {} } }],
    ['option "dialect" must be a Dialect', { dialect: 'plain' }],
  ])('refuses to be built with %s', (message, options) => {
    const build = () => operation('read', openApi(plain).tokens, { dialect: plain, ...options }, vi.fn())
    expect(build).toThrow(TypeError)
    expect(build).toThrow(message)
  })

  it('refuses to be built with scopes that would leave it open', () => {
    const build = () => operation('read', openApi(plain).tokens, { dialect: plain, scopes: { read: [] } }, vi.fn())
    expect(build).toThrow(TypeError)
    expect(build).toThrow('option "scopes" must be { read, write, revokeAll }')
  })

  it('challenges for a scope as the adapter does', async () => {
    const caller = { owner: OWNER, scopes: [] }
    await expect(ask('read', { caller, params, challenge: { realm: 'Acme' } })).resolves.toMatchObject({
      headers: { 'WWW-Authenticate': expect.stringMatching(/^Bearer realm="Acme", .*scope="tokens:read"$/) },
    })
  })

  it('needs no scope where the dialect has none, and of a caller whom scopes do not limit', async () => {
    await expect(ask('write', { caller: { owner: OWNER, scopes: [] } }, plain)).resolves.toMatchObject({ status: 200 })
    await expect(ask('write', { caller: PERSON, params })).resolves.toMatchObject({ status: 200 })
  })

  it('reads scopes by the rules of the tokens', async () => {
    const facts = { caller: { owner: OWNER, scopes: ['tokens:*'] }, params }
    await expect(ask('read', facts)).resolves.toMatchObject({ status: 403 })
    await expect(ask('read', facts, guarded, true)).resolves.toMatchObject({ status: 200 })
  })
})
