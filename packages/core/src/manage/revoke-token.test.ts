import { describe, expect, it } from 'vitest'
import { contendedStore } from '../../testing/contended-store.ts'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import { seen } from '../../testing/seen.ts'
import { generateSecret, shardOf } from '../token/secret/secret.ts'
import type { Token } from '../token/token.ts'

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }

describe('revokeToken', () => {
  it('revokes from now on, and changes no other field', async () => {
    const { tokens, clock } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    clock.now = NOW + 5
    const at = new Date(NOW + 5)
    const revoked = { ...token, status: 'revoked', revokedAt: at, revokedReason: 'requested', updatedAt: at }
    expect(await tokens.revoke('acme', token.id)).toEqual({ token: revoked, replayed: false, ended: [] })
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('keeps the first revocation time when revoked twice', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    const first = await tokens.revoke('acme', token.id)
    clock.now = NOW + 5
    expect(await tokens.revoke('acme', token.id)).toEqual(first)
  })

  it('keeps the reason, the first one', async () => {
    const { tokens } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    const leaked = { revokedReason: 'leaked' }
    expect(await tokens.revoke('acme', token.id, { reason: 'leaked' })).toMatchObject({ token: leaked })
    expect(await tokens.revokeSecret(secret, { reason: 'administrative' })).toMatchObject({ token: leaked })
    const wrong = { reason: 'because' as 'leaked' }
    const refused = { code: 'invalid_parameter', details: { parameter: 'reason' } }
    await expect(tokens.revoke('acme', token.id, wrong)).rejects.toMatchObject(refused)
    await expect(tokens.revokeSecret(secret, wrong)).rejects.toMatchObject(refused)
  })

  it('agrees on one time among many revocations at once', async () => {
    let instant = NOW
    const { tokens } = openTokens({ now: () => instant++ })
    const { token } = await tokens.issue(REQUEST)
    const answers = await Promise.all(Array.from({ length: 50 }, () => tokens.revoke('acme', token.id)))
    expect(new Set(answers.map((answer) => answer.token.revokedAt?.getTime())).size).toBe(1)
  })

  it('makes an expired token and a suspended one revoked', async () => {
    const { tokens, clock } = openTokens()
    const { token: expired } = await tokens.issue({ ...REQUEST, expiresAt: new Date(NOW + 1) })
    const { token: suspended } = await tokens.issue(REQUEST)
    await tokens.suspend('acme', suspended.id)
    clock.now = NOW + 2
    expect(await tokens.revoke('acme', expired.id)).toMatchObject({ token: { status: 'revoked' } })
    const { token: both } = await tokens.revoke('acme', suspended.id)
    expect(both).toMatchObject({ status: 'revoked', suspendedAt: new Date(NOW) })
  })

  it('answers an unknown id and another owner’s alike', async () => {
    const { tokens } = openTokens()
    const { token } = await tokens.issue({ ...REQUEST, owner: 'other' })
    const unknown = await tokens.revoke('acme', crypto.randomUUID()).catch((error: unknown) => error)
    const foreign = await tokens.revoke('acme', token.id).catch((error: unknown) => error)
    expect(unknown).toMatchObject({ name: 'TokenError', code: 'token_not_found', details: {} })
    expect(foreign).toEqual(unknown)
    expect(await tokens.get('other', token.id)).toMatchObject({ status: 'active' })
  })

  it('asks the store for nothing that has not the shape of an id, a secret least of all', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    watched.calls.length = 0
    for (const id of [secret, '', '__proto__', 'x'.repeat(1_000_000)]) {
      const error: unknown = await tokens.revoke('acme', id).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'token_not_found', message: 'the owner has no such token' })
    }
    expect(watched.calls).toEqual([])
  })

  it('rejects when the store did not confirm', async () => {
    const { tokens, watched } = openTokens()
    const { token } = await tokens.issue(REQUEST)
    watched.failure = new Error('READONLY')
    await expect(tokens.revoke('acme', token.id)).rejects.toMatchObject({ name: 'StoreError', cause: watched.failure })
  })
})

describe('revokeSecret', () => {
  it('revokes only what whoever asks may revoke, whatever its status', async () => {
    const { tokens } = openTokens()
    const { secret, token } = await tokens.issue(REQUEST)
    await tokens.suspend('acme', token.id)
    const asked: string[] = []
    const mayRevoke = async ({ status }: Token) => asked.push(status) > 1
    await expect(tokens.revokeSecret(secret, { mayRevoke })).rejects.toMatchObject({ code: 'forbidden' })
    expect(await tokens.get('acme', token.id)).toMatchObject({ status: 'suspended' })
    expect(await tokens.revokeSecret(secret, { mayRevoke })).toMatchObject({ token: { status: 'revoked' } })
    expect(asked).toEqual(['suspended', 'suspended'])
    expect(await tokens.revokeSecret('unknown', { mayRevoke: () => false })).toBeNull()
  })

  it('revokes the token whose secret it is (RFC 7009 §2.1)', async () => {
    const { tokens, clock } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    clock.now = NOW + 5
    expect(await tokens.revokeSecret(secret)).toMatchObject({
      token: { id: token.id, status: 'revoked', revokedAt: new Date(NOW + 5) },
      replayed: false,
    })
    expect(await tokens.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
  })

  it('keeps the first revocation time', async () => {
    const { tokens, clock } = openTokens()
    const { token, secret } = await tokens.issue(REQUEST)
    await tokens.revoke('acme', token.id)
    clock.now = NOW + 5
    expect(await tokens.revokeSecret(secret)).toMatchObject({ token: { revokedAt: new Date(NOW) } })
  })

  it('revokes an expired and a suspended token', async () => {
    const { tokens, clock } = openTokens()
    const { token, secret } = await tokens.issue({ ...REQUEST, expiresAt: new Date(NOW + 1) })
    await tokens.suspend('acme', token.id)
    clock.now = NOW + 1
    expect(await tokens.revokeSecret(secret)).toMatchObject({ token: { status: 'revoked' } })
  })

  it('answers null for a secret that was never issued, and for none', async () => {
    const { tokens, watched } = openTokens()
    expect(await tokens.revokeSecret(generateSecret('ot_pat', shardOf('acme')))).toBeNull()
    watched.calls.length = 0
    for (const text of ['', 'ot_pat_', generateSecret('tok_live', shardOf('acme')), undefined, null, 7]) {
      expect(await tokens.revokeSecret(text as string)).toBeNull()
    }
    expect(watched.calls).toEqual([])
  })

  it('answers null for a token that was pruned in the meantime', async () => {
    const { tokens, watched, clock } = openTokens()
    const { secret } = await tokens.issue({ ...REQUEST, expiresAt: new Date(NOW + 1) })
    clock.now = NOW + 2
    const store = contendedStore(watched.store, () =>
      watched.store.prune({ prefixes: ['ot_pat'], now: NOW + 2, endedBefore: NOW + 2 }),
    )
    expect(await openTokens({ store, now: () => clock.now }).tokens.revokeSecret(secret)).toBeNull()
  })

  it('rejects when the store finds the token by its digest and not by its id, since it may be accepted', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    const halved = openTokens({
      store: { ...watched.store, change: async (_owner, _wants, decide) => decide(seen()).answer },
    })
    await expect(halved.tokens.revokeSecret(secret)).rejects.toMatchObject({
      name: 'StoreError',
      message: 'the token store failed to revoke a token: the token is found by its digest, and not by its id',
    })
  })

  it('rejects when the store did not confirm', async () => {
    const { tokens, watched } = openTokens()
    const { secret } = await tokens.issue(REQUEST)
    watched.failure = new Error('down')
    await expect(tokens.revokeSecret(secret)).rejects.toMatchObject({ name: 'StoreError' })
  })
})
