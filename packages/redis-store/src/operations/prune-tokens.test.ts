import { afterAll, describe, expect, it } from 'vitest'
import { startCluster, startRedis } from '../../../../test/redis/index.ts'
import { everyAt, retentionAt } from '../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { workOf } from '../../testing/command-counts.ts'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import type { TestClient } from '../../testing/ioredis-majors.ts'
import { patientStore } from '../../testing/patient-store.ts'

const server = await startRedis()
const servers = await startCluster()
const ports = servers.nodes.map(({ port }) => port)

afterAll(() => Promise.all([server.stop(), servers.stop()]))

/** Every key with its type and, for collections, its size. */
async function keysOf(client: TestClient): Promise<string[]> {
  return (await client.call('keys', ['*'])) as string[]
}

describe.each(MAJORS)('prune, %s', (_name, { redis, cluster }) => {
  const client = redis({ port: server.port })
  const clusterClient = cluster(ports)

  afterAll(() => {
    client.disconnect()
    clusterClient.disconnect()
  })

  it('leaves nothing behind of what it removes, idempotency keys included', async () => {
    await client.call('flushall', [])
    const store = patientStore(client)
    const idempotency = { key: 'deploy 42', fingerprint: 'f', expiresAt: NOW + 100 }
    await store.insert(sampleRecord({ expiresAt: NOW + 5 }), { ...FREELY, idempotency })
    await store.revokeAll('acme', everyAt(NOW, { idempotency: { ...idempotency, key: 'all' }, scope: 'none' }))
    expect(await store.prune(retentionAt(NOW + 50))).toBe(1)
    const fed = ['tessera:changes:{feed}', 'tessera:revision:{feed}']
    expect(await keysOf(client)).toHaveLength(fed.length + 3)
    expect(await store.prune(retentionAt(NOW + 100))).toBe(0)
    expect(new Set(await keysOf(client))).toEqual(new Set(['tessera:layout', ...fed]))
  })

  it('takes steps of at most 200 tokens', async () => {
    await client.call('flushall', [])
    const store = patientStore(client)
    const records = Array.from({ length: 1_000 }, () => sampleRecord({ expiresAt: NOW + 5 }))
    await Promise.all([sampleRecord(), ...records].map((record) => store.insert(record, FREELY)))
    const { calls } = await workOf(client, async () => {
      expect(await store.prune(retentionAt(NOW + 6))).toBe(1_000)
    })
    // More where SCAN names the owner twice, as it may while the table of keys shrinks.
    expect(calls['evalsha']).toBeGreaterThanOrEqual(6)
    expect(calls['zrem']).toBe(2_000)
  })

  it('runs no script for owners that have nothing to prune', async () => {
    await client.call('flushall', [])
    const store = patientStore(client)
    for (let number = 0; number < 50; number += 1) {
      const idempotency = { key: 'deploy-42', fingerprint: 'f', expiresAt: Date.now() + 86_400_000 }
      await store.insert(sampleRecord({ owner: `owner-${number}` }), { ...FREELY, idempotency })
    }
    await store.insert(sampleRecord({ owner: 'one', expiresAt: NOW + 5 }), FREELY)
    const { calls } = await workOf(client, async () => {
      expect(await store.prune(retentionAt(NOW + 6))).toBe(1)
    })
    expect(calls['zcount']).toBeGreaterThanOrEqual(101)
    // More where SCAN names the owner twice.
    expect(calls['evalsha']).toBeLessThanOrEqual(2)
  })

  it('leaves a scheduled pruning to the one process that comes first in its time', async () => {
    await client.call('flushall', [])
    const [first, second] = [patientStore(client), patientStore(client)]
    const revoke = async () => first.insert(sampleRecord({ revokedAt: NOW }), FREELY)
    const retention = { ...retentionAt(NOW + 1), onceInMs: 3_600_000 }
    await revoke()
    const removed = await Promise.all([first, second, first].map((store) => store.prune(retention)))
    expect(removed.filter((count) => count === 1)).toHaveLength(1)

    await revoke()
    const { calls } = await workOf(client, async () => {
      for (const store of [first, second]) expect(await store.prune(retention)).toBe(0)
    })
    expect(calls['scan']).toBeUndefined()
    expect(calls['zcount']).toBeUndefined()
    expect(calls['evalsha']).toBe(2)
    expect(await second.prune(retentionAt(NOW + 1))).toBe(1)
  })

  it('comes again on schedule when the time is over, and when the server’s clock was set back', async () => {
    await client.call('flushall', [])
    const store = patientStore(client)
    const retention = { ...retentionAt(NOW + 1), onceInMs: 3_600_000 }
    for (const last of [Date.now() - 3_600_000, Date.now() + 86_400_000]) {
      await store.insert(sampleRecord({ revokedAt: NOW }), FREELY)
      await client.call('set', ['tessera:pruned:ot_pat', last])
      expect(await store.prune(retention)).toBe(1)
    }
  })

  it('goes over all nodes of a cluster, and keeps to its prefix', async () => {
    const [store, other] = ['one:', 'other:'].map((keyPrefix) => patientStore(clusterClient, { keyPrefix }))
    for (let number = 0; number < 60; number += 1) {
      const facts = { owner: `owner {${number}}`, expiresAt: NOW + 5 }
      await store?.insert(sampleRecord(facts), FREELY)
      await other?.insert(sampleRecord(facts), FREELY)
    }
    expect(await store?.prune(retentionAt(NOW + 6))).toBe(60)
    expect(await other?.prune(retentionAt(NOW + 6))).toBe(60)
  })
})
