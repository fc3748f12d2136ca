import { afterAll, describe, expect, it } from 'vitest'
import { startCluster, startRedis } from '../../../test/redis/index.ts'
import { everyAt, retentionAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { workOf } from '../testing/command-counts.ts'
import { MAJORS } from '../testing/ioredis-majors.ts'
import type { TestClient } from '../testing/ioredis-majors.ts'
import { patientStore } from '../testing/patient-store.ts'

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
    expect(await keysOf(client)).toHaveLength(3)
    expect(await store.prune(retentionAt(NOW + 100))).toBe(0)
    expect(await keysOf(client)).toEqual(['tessera:layout'])
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
