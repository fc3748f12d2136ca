import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { openTokens } from '../../testing/open-tokens.ts'
import { createLeases } from './leases.ts'
import type { TokenStore } from './store.ts'

const LEASE_MS = 100
const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read'] }

/** A clock that only moves in a wait, each time a little less than asked for. */
function steadyClock() {
  let now = 5
  const waits: number[] = []
  return {
    waits,
    now: () => now,
    async sleep(ms: number) {
      waits.push(ms)
      now += ms === 1 ? 1 : ms - 0.5
    },
  }
}

/** An app on a store with leases, and the number of times that it waited until a lease was over. */
function leasing() {
  const clock = steadyClock()
  const leases = createLeases(LEASE_MS, clock)
  const memory = memoryStore()
  const store: TokenStore = { ...memory, change: leases.waiting(memory.change) }
  const took = async (work: () => Promise<unknown>) => {
    const startedAt = clock.now()
    await work()
    return Math.round((clock.now() - startedAt) / (1.1 * LEASE_MS))
  }
  return { ...openTokens({ store }), clock, leases, took }
}

describe('a change of a store with leases', () => {
  it('waits for 1.1 of the longest length it knows, also if the timer is early', async () => {
    const { clock, leases, tokens } = leasing()
    const { token } = await tokens.issue(REQUEST)
    leases.meet(250)
    leases.meet(40)
    expect(leases.longestMs()).toBe(250)
    const startedAt = clock.now()
    await tokens.revoke('acme', token.id)
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(275)
    expect(clock.waits).toEqual([275, 1])
  })

  it('counts from the reply, with a length that was found by then', async () => {
    const clock = steadyClock()
    const leases = createLeases(undefined, clock)
    const memory = memoryStore()
    const change = leases.waiting(async (...step) => {
      const answer = await memory.change(...step)
      await clock.sleep(40)
      leases.meet(LEASE_MS)
      return answer
    })
    await change('acme', { ids: [], key: null }, () => ({ answer: null, announce: 'owner' }))
    expect(clock.now()).toBeGreaterThanOrEqual(5 + 39.5 + 110)
  })

  it('waits for nothing if it fails, or if nobody has a length', async () => {
    const { clock, tokens } = leasing()
    await expect(tokens.revoke('acme', '00000000-0000-4000-8000-000000000000')).rejects.toThrow('no such token')
    const none = createLeases(undefined, clock)
    const announcing = () => ({ answer: null, announce: 'owner' as const })
    await none.waiting(memoryStore().change)('acme', { ids: [], key: null }, announcing)
    expect(clock.waits).toEqual([])
  })

  it('waits with each change of a token, and again when it is repeated', async () => {
    const { tokens, took } = leasing()
    const { token } = await tokens.issue(REQUEST)
    const { id } = token
    const changes = [
      () => tokens.suspend('acme', id),
      () => tokens.suspend('acme', id),
      () => tokens.resume('acme', id),
      () => tokens.edit('acme', id, { name: 'another' }),
      () => tokens.rotate('acme', id),
      () => tokens.revoke('acme', id),
      () => tokens.revoke('acme', id),
    ]
    for (const change of changes) expect(await took(change)).toBe(1)
  })

  it('waits again for an equal request under a key, and for a secret that is rotated again', async () => {
    const { tokens, took } = leasing()
    const { token, secret } = await tokens.issue(REQUEST)
    const { id } = token
    const key = (idempotencyKey: string) => ({ idempotencyKey })
    const changes = [
      () => tokens.suspend('acme', id, key('suspend')),
      () => tokens.resume('acme', id, key('resume')),
      () => tokens.edit('acme', id, { scopes: [] }, key('edit')),
      () => tokens.rotate('acme', id, key('rotate')),
      () => tokens.revoke('acme', id, key('revoke')),
      () => tokens.revokeSecret(secret, key('by-secret')),
    ]
    for (const change of changes) expect([await took(change), await took(change)]).toEqual([1, 1])
    const other = await tokens.issue(REQUEST)
    const rotating = () => tokens.rotateSecret(other.secret, { overlapMs: 5_000 })
    expect([await took(rotating), await took(rotating)]).toEqual([1, 1])
  })

  it('waits once in all for many tokens, however many steps they take', async () => {
    const { tokens, took } = leasing()
    for (const owner of ['acme', 'beta']) {
      for (let number = 0; number < 25; number += 1) await tokens.issue({ ...REQUEST, owner })
    }
    expect(await took(() => tokens.revokeAll('acme', { idempotencyKey: 'all' }))).toBe(1)
    expect(await took(() => tokens.revokeAll('acme', { idempotencyKey: 'all' }))).toBe(1)
    const { secret, token } = await tokens.issue(REQUEST)
    const successor = await tokens.rotate('acme', token.id)
    expect(await took(() => tokens.revoke('acme', token.id, { reason: 'leaked' }))).toBe(1)
    expect((await tokens.verify(successor.secret)).ok || (await tokens.verify(secret)).ok).toBe(false)
  })

  it('waits once for the first use of a successor, and with no other use', async () => {
    const { tokens, took } = leasing()
    const { token, secret } = await tokens.issue(REQUEST)
    const successor = await tokens.rotate('acme', token.id)
    expect(await took(() => tokens.verify(secret))).toBe(0)
    expect(await took(() => tokens.verify(successor.secret))).toBe(1)
    expect(await took(() => tokens.verify(successor.secret))).toBe(0)
    expect(await took(() => tokens.flush())).toBe(0)
    expect(await took(() => tokens.prune())).toBe(0)
  })
})
