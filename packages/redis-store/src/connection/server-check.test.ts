import { StoreError, shardOf } from '@tessera/core'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRedis, startWithReplica } from '../../../../test/redis/index.ts'
import { revocationAt } from '../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { workOf } from '../../testing/command-counts.ts'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import type { TestClient } from '../../testing/ioredis-majors.ts'
import { openStore } from '../../testing/open-store.ts'
import type { OpenStore } from '../../testing/open-store.ts'

const server = await startRedis()
const pair = await startWithReplica()
const SHARD = shardOf('acme')

afterAll(() => Promise.all([server.stop(), pair.stop()]))

async function refusalOf(store: OpenStore): Promise<string> {
  const error: unknown = await store.ready().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(StoreError)
  expect(error).toMatchObject({ code: 'store_unavailable' })
  return String((error as StoreError).cause)
}

describe.each(MAJORS)('the check of the server, %s', (_name, { redis }) => {
  let client: TestClient

  beforeEach(async () => {
    client = redis({ port: server.port })
    await client.call('replicaof', ['no', 'one'])
    await client.call('flushall', [])
    await client.call('config', ['set', 'maxmemory-policy', 'noeviction'])
  })
  afterEach(() => client.disconnect())

  it.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])('refuses %s before anything is written', async (policy) => {
    await client.call('config', ['set', 'maxmemory-policy', policy])
    const store = openStore(client)
    expect(await refusalOf(store)).toMatch(new RegExp(`${policy}.*set it to noeviction or to one of volatile-`))
    await expect(store.insert(sampleRecord(), FREELY)).rejects.toThrow(policy)
    expect(await client.call('dbsize', [])).toBe(0)
  })

  it('looks again after it refused, so that nothing needs a restart', async () => {
    await client.call('config', ['set', 'maxmemory-policy', 'allkeys-lru'])
    const store = openStore(client)
    await refusalOf(store)
    await client.call('config', ['set', 'maxmemory-policy', 'noeviction'])
    expect(await store.findByDigest([sampleRecord().digest], SHARD)).toBeNull()
  })

  it('is made once for all who ask first', async () => {
    const store = openStore(client)
    const { calls } = await workOf(client, () =>
      Promise.all(Array.from({ length: 50 }, () => store.findByDigest([sampleRecord().digest], SHARD))),
    )
    expect(calls).toMatchObject({ info: 1, set: 1, getex: 50 })
  })

  it('refuses a replica', async () => {
    const replica = redis({ port: pair.replica.port })
    try {
      expect(await refusalOf(openStore(replica))).toMatch(/the server is a replica.*connect to its primary/)
    } finally {
      replica.disconnect()
    }
  })

  it('lets no answer count that came from a replica, over a connection that was opened since', async () => {
    const store = openStore(client)
    await store.ready()
    await client.call('replicaof', ['127.0.0.1', String(pair.primary.port)])
    await client.call('client', ['kill', 'type', 'normal', 'skipme', 'no']).catch(() => {})
    await expect(store.findByDigest([sampleRecord().digest], SHARD)).rejects.toThrow('replica')
    await client.call('replicaof', ['no', 'one'])
    expect(await store.findByDigest([sampleRecord().digest], SHARD)).toBeNull()
  })

  it('refuses keys of a newer layout', async () => {
    const store = openStore(client, { keyPrefix: 'newer:' })
    await client.call('set', ['newer:layout', '2'])
    expect(await refusalOf(store)).toMatch(/layout 2.*knows layout 1: upgrade the package/)
    await client.call('set', ['newer:layout', '1'])
    await store.ready()
  })

  it('looks at the layout again when a connection was replaced, and writes nothing onto a newer one', async () => {
    const store = openStore(client)
    const record = sampleRecord()
    await store.insert(record, FREELY)
    await client.call('set', ['tessera:layout', '2'])
    const before = await client.call('dbsize', [])
    const lost = new Promise<void>((resolve) => client.on('close', resolve))
    await client.call('client', ['kill', 'type', 'normal', 'skipme', 'no']).catch(() => {})
    await lost
    for (const attempt of [
      () => store.insert(sampleRecord(), FREELY),
      () => store.revoke(record.owner, record.id, revocationAt(NOW)),
      () => store.findByDigest([record.digest], SHARD),
    ]) {
      await expect(attempt()).rejects.toThrow(/layout 2.*knows layout 1: upgrade the package/)
    }
    expect(await client.call('dbsize', [])).toBe(before)
  })

  it('refuses minReplicas on a user who may not read the settings, and names the right that is missing', async () => {
    await client.call('acl', ['setuser', 'app', 'on', '>app', '~*', '+@all', '-config|get'])
    await client.call('auth', ['app', 'app'])
    const store = openStore(client, { minReplicas: 1 })
    expect(await refusalOf(store)).toMatch(/add \+config\|get to its rule/)
  })

  it('rejects within the deadline where no server answers', async () => {
    const nobody = redis({ port: 1 })
    const store = openStore(nobody, { deadlineMs: 100 })
    const startedAt = performance.now()
    await expect(store.ready()).rejects.toThrow(StoreError)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    nobody.disconnect()
  })
})
