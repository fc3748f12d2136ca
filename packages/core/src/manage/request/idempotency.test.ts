import { describe, expect, it } from 'vitest'
import { NOW, openTokens } from '../../../testing/open-tokens.ts'
import { idempotencyOf } from './idempotency.ts'

const DAY = 24 * 60 * 60 * 1000

describe('idempotencyOf', () => {
  it('keeps a key for 24 hours, beside at most 10,000 of the owner', () => {
    const request = idempotencyOf('deploy-42', () => ['edit', 'a'], NOW)
    expect(request).toMatchObject({ key: 'deploy-42', expiresAt: NOW + DAY, limit: 10_000 })
  })

  it.each(['revoke', 'revokeAll', 'suspend'])('lets %s use 1,000 keys more', (operation) => {
    expect(idempotencyOf('deploy-42', () => [operation, 'a'], NOW)).toMatchObject({ limit: 11_000 })
  })
})

describe('the limit of idempotency keys', () => {
  it('refuses the 10,001st key of an owner, but no revocation, and takes a new one when one has expired', async () => {
    const { tokens, clock } = openTokens()
    const { token } = await tokens.issue({ owner: 'acme', name: 'ci', scopes: [] })
    const rename = async (key: string) => tokens.edit('acme', token.id, { name: 'ci' }, { idempotencyKey: key })
    for (let number = 0; number < 10_000; number += 1) await rename(`key-${number}`)
    await expect(rename('new')).rejects.toMatchObject({
      name: 'TokenError',
      code: 'idempotency_limit_reached',
      message: 'the owner holds 10,000 idempotency keys, and each is kept for 24 hours',
      details: { limit: 10_000 },
    })
    const fresh = { owner: 'acme', name: 'ci', scopes: [], idempotencyKey: 'new' }
    await expect(tokens.issue(fresh)).rejects.toMatchObject({ code: 'idempotency_limit_reached' })
    await expect(tokens.rotate('acme', token.id, { idempotencyKey: 'new' })).rejects.toMatchObject({
      code: 'idempotency_limit_reached',
    })
    expect(await rename('key-0')).toMatchObject({ replayed: true })
    expect(await tokens.suspend('acme', token.id, { idempotencyKey: 'suspend' })).toMatchObject({ replayed: false })
    expect(await tokens.revoke('acme', token.id, { idempotencyKey: 'revoke' })).toMatchObject({ replayed: false })
    expect(await tokens.revokeAll('acme', { idempotencyKey: 'all' })).toEqual({ revoked: 0, replayed: false })
    clock.now += DAY
    await expect(tokens.issue(fresh)).resolves.toMatchObject({ replayed: false })
  })
})
