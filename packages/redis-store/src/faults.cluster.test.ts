import { shardOf } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../../test/redis/index.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import { trafficDuring } from '../testing/traffic.ts'
import { slotOf } from './text/slot.ts'

const NODES = 3
// Longer takes only what hangs, and service that is lost, also on a loaded machine.
const HANGING_MS = 6_000
const LOST_MS = 10_000
const servers = await startCluster(NODES)
const ports = servers.nodes.map(({ port }) => port)
const homeOf = (slot: number) => Math.floor(slot / Math.ceil(16_384 / NODES))

afterAll(() => servers.stop())

describe.each(MAJORS)('a cluster whose slots move, %s', (_name, { cluster }) => {
  it('accepts no revoked token, hangs on nothing and serves on', { timeout: 60_000 }, async () => {
    const slots = Array.from({ length: 10 }, (_, number) => slotOf(shardOf(`owner-${number}`)))
    await withClient(cluster(ports), async (client) => {
      const traffic = await trafficDuring(openStore(client), async () => {
        for (const slot of [...slots, slotOf('feed')]) {
          const home = homeOf(slot)
          await servers.moveSlot(slot, home, (home + 1) % NODES)
          await servers.moveSlot(slot, (home + 1) % NODES, home)
        }
      })
      expect(traffic.accepted).toEqual([])
      expect(traffic.surprises).toEqual([])
      expect(traffic.slowestMs).toBeLessThan(HANGING_MS)
      expect(traffic.recoveryMs).toBeLessThan(LOST_MS)
    })
  })
})

describe.each(MAJORS)('a cluster of which one node is restarted, %s', (_name, { cluster }) => {
  it('resets the readers of the feed, whose own node lost nothing', { timeout: 30_000 }, async () => {
    const elsewhere = servers.nodes[(homeOf(slotOf('feed')) + 1) % NODES]
    await withClient(cluster(ports), async (client) => {
      const { feed } = openStore(client)
      const before = await feed.revision()
      await elsewhere?.restart()
      expect((await feed.changesSince(before)).digests).toBe('reset')
    })
  })
})
