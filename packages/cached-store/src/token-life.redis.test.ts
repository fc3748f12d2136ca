import { createTokens } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { NOW } from '../../../test/support/sample-record.ts'
import { cachedStore } from './cached-store.ts'

const server = await startRedis()
const clients = [new Redis(server.port), new Redis(server.port)]

afterAll(async () => {
  for (const client of clients) client.disconnect()
  await server.stop()
})

/** The tokens of two processes, each behind a cache of its own, with one clock. */
function twoProcesses() {
  const clock = { now: NOW }
  const keyPrefix = `${randomUUID()}:`
  const [one, other] = clients.map((client) =>
    createTokens({
      store: cachedStore(redisStore(client, { keyPrefix }), { now: () => clock.now }),
      prefix: 'ot_pat',
      now: () => clock.now,
      recordUseEveryMs: 1_000,
      expiry: { slidingMs: 60_000, maxMs: 300_000 },
    }),
  ) as [Tokens, Tokens]
  return { one, other, clock }
}

const REQUEST = { owner: 'acme', name: 'ci', scopes: ['jobs:read', 'jobs:write'] }

describe('cachedStore in two processes on one Redis', () => {
  it('accepts a token whose expiry another process has moved, and none past its longest lifetime', async () => {
    const { one, other, clock } = twoProcesses()
    const { secret } = await one.issue(REQUEST)
    expect(await other.verify(secret)).toMatchObject({ ok: true })
    for (clock.now += 50_000; clock.now < NOW + 300_000; clock.now += 50_000) {
      expect(await one.verify(secret)).toMatchObject({ ok: true })
      await one.flush()
      expect(await other.verify(secret)).toMatchObject({ ok: true })
    }
    clock.now = NOW + 300_000
    expect(await one.verify(secret)).toEqual({ ok: false, reason: 'expired' })
    expect(await other.verify(secret)).toEqual({ ok: false, reason: 'expired' })
  })

  it('refuses a replaced token everywhere once its successor was used anywhere', async () => {
    const { one, other } = twoProcesses()
    const { secret } = await one.issue(REQUEST)
    const successor = await other.rotateSecret(secret)
    for (const process of [one, other, one]) expect(await process.verify(secret)).toMatchObject({ ok: true })
    expect(await other.verify(successor?.secret)).toMatchObject({ ok: true })
    expect(await one.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    expect(await one.verify(successor?.secret)).toMatchObject({ ok: true })
  })

  it('takes a scope away everywhere once it was edited away anywhere', async () => {
    const { one, other } = twoProcesses()
    const { secret, token } = await one.issue(REQUEST)
    const verifications = () => Promise.all([one, other].map((each) => each.verify(secret, { scopes: ['jobs:write'] })))
    expect(await verifications()).toMatchObject([{ ok: true }, { ok: true }])
    await other.edit('acme', token.id, { scopes: ['jobs:read'], narrowOnly: true })
    const refused = { ok: false, reason: 'insufficient_scope' }
    expect(await verifications()).toEqual([refused, refused])
  })

  it('refuses all tokens of an owner everywhere once they were revoked in bulk', async () => {
    const { one, other } = twoProcesses()
    const issued = await Promise.all(Array.from({ length: 20 }, () => one.issue(REQUEST)))
    const bystander = await one.issue({ ...REQUEST, owner: 'other' })
    const verify = (process: Tokens) => Promise.all(issued.map(({ secret }) => process.verify(secret)))
    expect((await verify(other)).every(({ ok }) => ok)).toBe(true)
    expect(await one.revokeAll('acme', { reason: 'leaked' })).toMatchObject({ revoked: 20 })
    expect(await verify(other)).toEqual(issued.map(() => ({ ok: false, reason: 'revoked' })))
    expect(await other.verify(bystander.secret)).toMatchObject({ ok: true })
  })
})
