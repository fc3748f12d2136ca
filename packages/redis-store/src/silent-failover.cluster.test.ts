import { shardOf } from '@tessera/core'
import type { ChangeFeed, Changes } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { startCluster, until } from '../../../test/redis/index.ts'
import { revocationAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import type { TestClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import { patientStore } from '../testing/patient-store.ts'
import { slotOf } from './text/slot.ts'

const SHARD = shardOf('acme')
const FEED = slotOf('feed')
/** The primaries are looked at each second. Longer takes only what is never noticed, also on a loaded machine. */
const LOST_MS = 10_000

/** What clients tell of their connections while `work` is done. */
async function eventsDuring(clients: readonly TestClient[], work: () => Promise<void>): Promise<readonly string[]> {
  const events: string[] = []
  for (const event of ['close', '+node', '-node']) {
    for (const client of clients) client.on(event, () => events.push(event))
  }
  await work()
  return events
}

type ReadFeed = (feed: ChangeFeed, since: string) => Promise<Changes> | undefined

/** Every way to read the feed. */
const READINGS: Readonly<Record<string, ReadFeed>> = {
  revision: async (feed) => ({ revision: await feed.revision(), digests: [] }),
  changesSince: (feed, since) => feed.changesSince(since),
  leasedChangesSince: (feed, since) => feed.leasedChangesSince?.(since),
}

/** A process that only ever reads in one way. */
async function openReader(client: TestClient, [name, read]: readonly [string, ReadFeed]) {
  const { feed } = patientStore(client, { leaseMs: 10 })
  const revisionOf = async (since: string) => (await read(feed, since))?.revision
  const before = (await revisionOf('')) ?? expect.unreachable()
  const isReset = () =>
    until(async () => (await revisionOf(before)) !== before, { atMostMs: LOST_MS }).then(
      async () => (await feed.changesSince(before)).digests === 'reset',
      () => false,
    )
  return { client, name, isReset }
}

describe.each(MAJORS)(
  'a failover of a cluster that ends no connection, %s',
  { timeout: 60_000 },
  (_name, { cluster }) => {
    it('resets the readers of the feed, whose own primary lost the latest entry', async () => {
      await using servers = await startCluster(3, { replicas: 1, nodeTimeoutMs: 1_000 })
      const ports = servers.nodes.map(({ port }) => port)
      const home = servers.homeOf(FEED)
      const [primary, replica] = [servers.nodes[home], servers.nodes[servers.replicaOf(home)]]
      const record = sampleRecord()
      const [client, elsewhere] = [cluster(ports), cluster(ports)]
      const [{ feed, insert }, other] = [openStore(client), openStore(elsewhere)]
      await Promise.all([insert(record, FREELY), other.ready()])
      const before = await feed.revision()
      const events = await eventsDuring([client], async () => {
        replica?.freeze()
        await servers.client(home).call('client', 'kill', 'type', 'replica')
        await other.revoke(record.owner, record.id, revocationAt(NOW))
        primary?.freeze()
        replica?.thaw()
        await servers.promoted(servers.replicaOf(home))
        primary?.thaw()
        await until(async () => String(await servers.client(home).role()).startsWith('slave'))
      })
      expect(events).toEqual([])
      const after = await feed.revision()
      expect(after.split('.')[0]).toBe(before.split('.')[0])
      expect((await feed.changesSince(before)).digests).toBe('reset')
      for (const each of [client, elsewhere]) each.disconnect()
    })

    it('resets them soon where another primary fell back, however they read', async () => {
      await using servers = await startCluster(3, { replicas: 1 })
      const other = (servers.homeOf(FEED) + 1) % 3
      const ports = servers.nodes.map(({ port }) => port)
      const readers = await Promise.all(Object.entries(READINGS).map((reading) => openReader(cluster(ports), reading)))
      const clients = readers.map(({ client }) => client)
      expect(await eventsDuring(clients, () => servers.failOver(servers.replicaOf(other)))).toEqual([])
      const resets = await Promise.all(readers.map(async ({ name, isReset }) => [name, await isReset()] as const))
      expect(resets).toEqual(Object.keys(READINGS).map((name) => [name, true]))
      for (const client of clients) client.disconnect()
    })

    it('keeps no process from its service whose connection is lost afterwards, though it asks a replica', async () => {
      await using servers = await startCluster(3, { replicas: 1 })
      const home = servers.homeOf(slotOf(SHARD))
      const idle = [0, 1, 2].find((node) => node !== home && node !== servers.homeOf(FEED)) ?? 0
      await withClient(cluster(servers.nodes.map(({ port }) => port)), async (client) => {
        const store = openStore(client)
        const record = sampleRecord()
        await store.insert(record, FREELY)
        await servers.failOver(servers.replicaOf(idle))
        const lost = new Promise<void>((resolve) => client.on('-node', resolve))
        await servers.client(home).call('client', 'kill', 'type', 'normal', 'skipme', 'yes')
        await lost
        expect(await store.findByDigest([record.digest], SHARD)).toEqual(record)
      })
    })
  },
)

describe.each(MAJORS)('a node that connects again by itself, %s', (_name, { cluster }) => {
  it('resets the readers of the feed where it came back without its latest writes', { timeout: 30_000 }, async () => {
    await using servers = await startCluster()
    const home = servers.homeOf(FEED)
    const clusterNodeRetryStrategy = () => 50
    const ports = servers.nodes.map(({ port }) => port)
    await withClient(cluster(ports, { clusterNodeRetryStrategy }), async (client) => {
      const { feed, insert, revoke } = openStore(client)
      const record = sampleRecord()
      await insert(record, FREELY)
      const before = await feed.revision()
      const events = await eventsDuring([client], async () => {
        await servers.client(home).save()
        await withClient(cluster(ports), (other) => openStore(other).revoke(record.owner, record.id, revocationAt(NOW)))
        await servers.nodes[home]?.restart()
        // A node that was started serves nobody for its first two seconds.
        await until(async () => (await servers.client(home).cluster('INFO')).includes('cluster_state:ok'))
      })
      expect(events).toEqual([])
      const after = await feed.revision()
      expect(after.split('.')[0]).toBe(before.split('.')[0])
      expect((await feed.changesSince(before)).digests).toBe('reset')
      expect(await revoke(record.owner, record.id, revocationAt(NOW))).toMatchObject({ outcome: 'done' })
    })
  })
})
