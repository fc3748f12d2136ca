import { setTimeout as wait } from 'node:timers/promises'
import { shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { startCluster, startRedis, startSentinel, until } from '../../../test/redis/index.ts'
import { FREELY, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import type { TestClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import type { OpenStore } from '../testing/open-store.ts'
import { patientStore } from '../testing/patient-store.ts'
import type { RedisStoreOptions } from './client/options.ts'
import { slotOf } from './text/slot.ts'

const SHARD = shardOf('acme')

interface Use {
  readonly store: OpenStore
  readonly record: TokenRecord
  /** Whether a look-up is answered: a replica that takes over may lack what was written a moment before. */
  isServed(): Promise<boolean>
}

/** Has a token looked up without a pause while `work` is done. */
async function inUse(client: TestClient, options: RedisStoreOptions, work: (use: Use) => Promise<void>): Promise<void> {
  const store = openStore(client, options)
  const record = sampleRecord()
  await patientStore(client).insert(record, FREELY)
  const end = new AbortController()
  const isServed = () =>
    store.findByDigest([record.digest], SHARD).then(
      () => true,
      () => false,
    )
  async function look(): Promise<void> {
    while (!end.signal.aborted) {
      await isServed()
      await wait(20)
    }
  }
  const looking = Promise.all(Array.from({ length: 4 }, look))
  await work({ store, record, isServed })
  end.abort()
  await looking
}

describe.each(MAJORS)('a host that vanishes without closing a connection, %s', { timeout: 60_000 }, (_name, major) => {
  it('is left for the replica that Sentinel promotes', async () => {
    await using servers = await startSentinel()
    const sentinels = [{ host: '127.0.0.1', port: servers.sentinel.port }]
    const client = major.redis({ sentinels, name: servers.name, natMap: servers.natMap() })
    await withClient(client, () =>
      inUse(client, {}, async ({ isServed }) => {
        await servers.primary.vanish()
        await servers.promoted()
        await expect(until(isServed)).resolves.toBeUndefined()
      }),
    )
  })

  it('is left for the replica that takes over in a cluster', async () => {
    await using servers = await startCluster(3, { replicas: 1, nodeTimeoutMs: 1_000 })
    const home = servers.homeOf(slotOf(SHARD))
    const client = major.cluster(servers.nodes.map(({ port }) => port))
    await withClient(client, () =>
      inUse(client, {}, async ({ isServed }) => {
        await servers.nodes[home]?.vanish()
        await servers.promoted(servers.replicaOf(home))
        await expect(until(isServed)).resolves.toBeUndefined()
      }),
    )
  })
})

describe.each(MAJORS)('a server that is late, %s', { timeout: 20_000 }, (_name, { redis }) => {
  it('keeps its connections when it answers in the end', async () => {
    await using server = await startRedis()
    await withClient(redis({ port: server.port }), async (client) => {
      let losses = 0
      client.on('close', () => {
        losses += 1
      })
      await inUse(client, { deadlineMs: 100 }, async ({ isServed }) => {
        await withClient(redis({ port: server.port }), (other) => other.call('client', ['pause', '300', 'all']))
        expect(await isServed()).toBe(false)
        await until(isServed)
        expect(losses).toBe(0)
      })
    })
  })

  it('keeps them when it is this process that is held up', async () => {
    await using server = await startRedis()
    await withClient(redis({ port: server.port }), async (client) => {
      let losses = 0
      client.on('close', () => {
        losses += 1
      })
      await inUse(client, { deadlineMs: 100 }, async ({ isServed }) => {
        for (let round = 0; round < 3; round += 1) {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200)
          await until(isServed)
        }
        expect(losses).toBe(0)
      })
    })
  })

  it('is not connected to more often than once a second while it is silent', async () => {
    await using server = await startRedis()
    await withClient(redis({ port: server.port }), async (client) => {
      const losses: number[] = []
      client.on('close', () => losses.push(performance.now()))
      await inUse(client, { deadlineMs: 100 }, async ({ isServed }) => {
        server.freeze()
        await until(async () => losses.length >= 3)
        server.thaw()
        await until(isServed)
      })
      const [first = 0, second = 0, third = 0] = losses
      expect(Math.min(second - first, third - second)).toBeGreaterThan(1_000)
    })
  })
})
