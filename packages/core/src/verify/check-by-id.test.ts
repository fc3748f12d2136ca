import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../testing/open-tokens.ts'
import { createTokens } from '../create-tokens.ts'

const HOUR = 3_600_000

async function issueOne() {
  const opened = openTokens()
  const expiresAt = new Date(NOW + HOUR)
  const { secret, token } = await opened.tokens.issue({ owner: 'acme', name: 'ci', scopes: ['jobs:read'], expiresAt })
  opened.watched.calls.length = 0
  return { ...opened, secret, token, find: () => opened.tokens.checkById('acme', token.id) }
}

describe('checkById', () => {
  it('answers with the token, in one store call', async () => {
    const { watched, token, find } = await issueOne()
    expect(await find()).toStrictEqual({ ok: true, token })
    const found = { method: 'find', args: ['acme', token.id] }
    expect(watched.calls.filter(({ method }) => method !== 'recordUse')).toEqual([found])
  })

  it('refuses a token that is revoked, suspended or expired, with the reason that verify gives', async () => {
    const { tokens, clock, secret, token, find } = await issueOne()
    await tokens.suspend('acme', token.id)
    expect(await find()).toEqual({ ok: false, reason: 'suspended' })
    await tokens.resume('acme', token.id)
    clock.now = NOW + HOUR - 1
    expect(await find()).toMatchObject({ ok: true })
    clock.now = NOW + HOUR
    expect(await find()).toEqual({ ok: false, reason: 'expired' })
    await tokens.revoke('acme', token.id)
    expect(await find()).toEqual({ ok: false, reason: 'revoked' })
    expect(await find()).toEqual(await tokens.verify(secret))
  })

  it("refuses an unknown id and another owner's as unknown, and what is no id without a store call", async () => {
    const { tokens, watched, secret, token } = await issueOne()
    const unknown = { ok: false, reason: 'unknown' }
    expect(await tokens.checkById('other', token.id)).toEqual(unknown)
    expect(await tokens.checkById('acme', 'b4f0c0de-0000-4000-8000-000000000001')).toEqual(unknown)
    watched.calls.length = 0
    expect(await tokens.checkById('acme', secret)).toEqual({ ok: false, reason: 'malformed' })
    expect(watched.calls).toEqual([])
  })

  it('asks for scopes as verify does', async () => {
    const { tokens, token } = await issueOne()
    const asking = (scope: string) => tokens.checkById('acme', token.id, { scopes: [scope] })
    expect(await asking('jobs:read')).toMatchObject({ ok: true })
    expect(await asking('jobs:write')).toEqual({ ok: false, reason: 'insufficient_scope' })
  })

  it('records an accepted use, counts every answer, and keeps the digest', async () => {
    const store = memoryStore()
    const before = createTokens({ store, prefix: 'ot_pat', now: () => NOW })
    const { secret, token } = await before.issue({ owner: 'acme', name: 'ci', scopes: [] })
    const ring = { current: 'p'.repeat(32), retired: [null] }
    const tokens = createTokens({ store, prefix: 'ot_pat', now: () => NOW, pepper: ring })
    await tokens.checkById('acme', token.id)
    await tokens.checkById('nobody', token.id)
    await tokens.close()
    expect((await tokens.get('acme', token.id))?.lastUsedAt).toEqual(new Date(NOW))
    expect(tokens.stats()).toMatchObject({ accepted: 1, refused: { unknown: 1 } })
    expect(await before.verify(secret)).toMatchObject({ ok: true })
  })

  it('rejects when the store does', async () => {
    const { watched, find } = await issueOne()
    watched.failure = new Error('ECONNREFUSED')
    await expect(find()).rejects.toMatchObject({ name: 'StoreError' })
  })
})
