import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import type { RevokeAllOptions } from './revoke-all.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }

describe('revokeAllTokens', () => {
  it('revokes all of the owner’s tokens, and no other owner’s', async () => {
    const { tokens } = openTokens()
    const [first, second] = [await tokens.issue(REQUEST), await tokens.issue(REQUEST)]
    const other = await tokens.issue({ ...REQUEST, owner: 'other' })
    expect(await tokens.revokeAll('acme', { reason: 'leaked' })).toEqual({ revoked: 2, replayed: false })
    for (const { secret } of [first, second]) {
      expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    }
    expect(await tokens.verify(other.secret)).toMatchObject({ ok: true })
    expect(await tokens.get('acme', first.token.id)).toMatchObject({ revokedReason: 'leaked' })
    expect(await tokens.revokeAll('acme')).toEqual({ revoked: 0, replayed: false })
  })

  it('keeps to the conditions that it is given', async () => {
    const { tokens, clock } = openTokens()
    const old = await tokens.issue({ ...REQUEST, scopes: ['jobs:write'] })
    clock.now = NOW + 5
    const young = await tokens.issue(REQUEST)
    const calling = await tokens.issue(REQUEST)
    const active = async () => (await tokens.list('acme', { statuses: ['active'] })).tokens.map(({ id }) => id)
    await tokens.revokeAll('acme', { issuedBefore: new Date(NOW) })
    await tokens.revokeAll('acme', { scope: 'jobs:none' })
    expect(await active()).toHaveLength(3)
    await tokens.revokeAll('acme', { scope: 'jobs:read', exceptId: calling.token.id })
    expect((await active()).sort()).toEqual([old.token.id, calling.token.id].sort())
    await tokens.revokeAll('acme', { issuedBefore: new Date(NOW + 5) })
    expect(await active()).toEqual([calling.token.id])
    expect(await tokens.verify(young.secret)).toMatchObject({ ok: false })
  })

  it('has one effect under a key', async () => {
    const { tokens } = openTokens()
    await tokens.issue(REQUEST)
    const options = { idempotencyKey: 'all-1' }
    expect(await tokens.revokeAll('acme', options)).toEqual({ revoked: 1, replayed: false })
    await tokens.issue(REQUEST)
    expect(await tokens.revokeAll('acme', options)).toEqual({ revoked: 1, replayed: true })
    await expect(tokens.revokeAll('acme', { ...options, scope: 'a' })).rejects.toMatchObject({
      code: 'idempotency_conflict',
    })
  })

  it.each([
    [{ issuedby: 'x' }, 'revokeAll: unknown option "issuedby"; the options are exceptId, issuedBefore,'],
    [{ issuedBy: null }, 'issuedBy must be left out instead of null'],
  ])('revokes nothing by a condition that would be none by mistake: %j', async (options, message) => {
    const { tokens, watched } = openTokens()
    await expect(tokens.revokeAll('acme', options as never)).rejects.toThrow(message)
    expect(watched.calls).toEqual([])
  })

  const wrong: [string, unknown][] = [
    ['exceptId', { exceptId: 'ot_pat_x' }],
    ['issuedBefore', { issuedBefore: new Date(Number.NaN) }],
    ['issuedBefore', { issuedBefore: 7 }],
    ['scope', { scope: 'a b' }],
    ['reason', { reason: 'because' }],
    ['idempotencyKey', { idempotencyKey: 'a b' }],
  ]
  it.each(wrong)('refuses a wrong %s, before any store call', async (parameter, options) => {
    const { tokens, watched } = openTokens()
    await expect(tokens.revokeAll('acme', options as RevokeAllOptions)).rejects.toMatchObject({
      code: 'invalid_parameter',
      details: { parameter },
    })
    await expect(tokens.revokeAll('')).rejects.toMatchObject({ details: { parameter: 'owner' } })
    expect(watched.calls).toEqual([])
  })
})
