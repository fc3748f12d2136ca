import { describe, expect, it } from 'vitest'
import { contendedStore } from '../../testing/contended-store.ts'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { Tokens } from '../tokens.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read', 'jobs:write', 'tokens:read'] }

describe('editToken', () => {
  it('changes name and scopes and no other field, for every verification that follows', async () => {
    const { tokens, clock } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    clock.now = NOW + 5
    const edited = { ...token, name: 'deploy', scopes: ['jobs:read'], updatedAt: new Date(NOW + 5) }
    const request = { name: 'deploy', scopes: ['jobs:read', 'jobs:read'] }
    expect(await tokens.edit('acme', token.id, request)).toEqual({ token: edited, replayed: false })
    expect(await tokens.verify(secret, { scopes: ['jobs:write'] })).toEqual({ ok: false, reason: 'insufficient_scope' })
    expect(await tokens.verify(secret, { scopes: ['jobs:read'] })).toMatchObject({ ok: true })
  })

  it('leaves what is not asked for', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    expect(await tokens.edit('acme', token.id, { name: 'deploy' })).toMatchObject({ token: { scopes: REQUEST.scopes } })
    expect(await tokens.edit('acme', token.id, { scopes: [] })).toMatchObject({ token: { name: 'deploy', scopes: [] } })
    expect(await tokens.edit('acme', token.id, {})).toMatchObject({ token: { name: 'deploy', scopes: [] } })
  })

  it('only narrows for a holder, and lists what it would add', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue({ ...REQUEST, scopes: ['jobs:read', 'jobs:write'] })
    const narrowOnly = true
    await expect(
      tokens.edit('acme', token.id, { scopes: ['jobs:read', 'a:b', 'c:d'], narrowOnly }),
    ).rejects.toMatchObject({
      code: 'insufficient_scope',
      message: 'the token does not hold a:b, c:d',
      details: { scopes: ['a:b', 'c:d'] },
    })
    await tokens.edit('acme', token.id, { scopes: ['jobs:read'], narrowOnly })
    await expect(tokens.edit('acme', token.id, { scopes: REQUEST.scopes, narrowOnly })).rejects.toMatchObject({
      details: { scopes: ['jobs:write', 'tokens:read'] },
    })
  })

  it('adds no scope above the ceiling, and takes away any', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const scopeCeiling = ['jobs:run']
    await expect(tokens.edit('acme', token.id, { scopes: ['a:b'], scopeCeiling })).rejects.toMatchObject({
      code: 'insufficient_scope',
      message: 'the issuer does not hold a:b',
      details: { scopes: ['a:b'] },
    })
    const scopes = ['jobs:write', 'jobs:run']
    expect(await tokens.edit('acme', token.id, { scopes, scopeCeiling })).toMatchObject({ token: { scopes } })
  })

  it('never widens by several narrowings at the same time', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const without = (scope: string) =>
      tokens.edit('acme', token.id, { scopes: REQUEST.scopes.filter((each) => each !== scope), narrowOnly: true })
    const answers = await Promise.allSettled(REQUEST.scopes.map(without))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await tokens.get('acme', token.id))?.scopes).toHaveLength(2)
  })

  it('is decided by what stands when another edits in between', async () => {
    const { tokens, watched } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const editAfter = async (rival: string, scopes: readonly string[], narrowOnly = false) => {
      const store = contendedStore(watched.store, () => tokens.edit('acme', token.id, { scopes: [rival] }))
      return openTokens({ store }).tokens.edit('acme', token.id, { scopes, narrowOnly })
    }
    await expect(editAfter('rival:1', ['jobs:read'], true)).rejects.toMatchObject({
      details: { scopes: ['jobs:read'] },
    })
    expect(await tokens.get('acme', token.id)).toMatchObject({ scopes: ['rival:1'] })
    expect(await editAfter('rival:2', ['a:b'])).toMatchObject({ token: { scopes: ['a:b'] } })
    expect(await editAfter('rival:3', [], true)).toMatchObject({ token: { scopes: [] } })
  })

  it('is one step of the store', async () => {
    const { tokens, watched } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    watched.calls.length = 0
    const options = { idempotencyKey: 'edit-1' }
    await tokens.edit('acme', token.id, { scopes: ['a:b'], scopeCeiling: ['a:b'] }, options)
    await tokens.edit('acme', token.id, { scopes: ['a:b'], scopeCeiling: ['a:b'] }, options)
    expect(watched.calls.map(({ method }) => method)).toEqual(['change', 'change'])
  })

  it('has one effect under a key, and replays it also when the scopes would not allow it any more', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const request = { scopes: ['jobs:read'], narrowOnly: true }
    const options = { idempotencyKey: 'edit-1' }
    const first = await tokens.edit('acme', token.id, request, options)
    clock.now = NOW + 5
    await tokens.edit('acme', token.id, { scopes: [] })
    expect(await tokens.edit('acme', token.id, request, options)).toEqual({ ...first, replayed: true })
    expect(await tokens.get('acme', token.id)).toMatchObject({ scopes: [] })
    await expect(tokens.edit('acme', token.id, { name: 'x' }, options)).rejects.toMatchObject({
      code: 'idempotency_conflict',
    })
  })

  const wrong: [string, Parameters<Tokens['edit']>[2]][] = [
    ['name', { name: '' }],
    ['scopes', { scopes: ['a b'] }],
    ['narrowOnly', { narrowOnly: 1 as unknown as boolean }],
    ['scopeCeiling', { scopes: ['a:b'], scopeCeiling: 'a:b' as unknown as string[] }],
  ]
  it.each(wrong)('refuses a wrong %s', async (parameter, request) => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    await expect(tokens.edit('acme', token.id, request)).rejects.toMatchObject({
      code: 'invalid_parameter',
      details: { parameter },
    })
  })

  it('edits no revoked token, and finds no other owner’s', async () => {
    const { tokens, watched } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    await tokens.revoke('acme', token.id)
    for (const request of [{ name: 'late' }, { scopes: [] }]) {
      const refused = { code: 'invalid_transition' }
      await expect(tokens.edit('acme', token.id, request)).rejects.toMatchObject(refused)
      await expect(tokens.edit('other', token.id, request)).rejects.toMatchObject({ code: 'token_not_found' })
    }
    watched.calls.length = 0
    await expect(tokens.edit('acme', 'ot_pat_x', { scopes: [] })).rejects.toMatchObject({ code: 'token_not_found' })
    expect(watched.calls).toEqual([])
  })
})
