import { setTimeout as wait } from 'node:timers/promises'
import { describe, it } from 'vitest'
import { startProxy, startRedis } from '../../../test/redis/index.ts'
import type { Proxy, RedisServer } from '../../../test/redis/index.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import type { TestClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import { trafficDuring } from '../testing/traffic.ts'

interface Scene {
  readonly server: RedisServer
  readonly proxy: Proxy
  readonly client: TestClient
}

const DEADLINE_MS = 1_000
// What hangs does not end, and what is lost does not come back: less than this would be about the load of the machine.
const SLACK_MS = 5_000
const RECOVERY_MS = 10_000

const FAULTS: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  async 'it is killed and restarts with its data'({ server }) {
    await server.kill()
    await wait(1_300)
    await server.restart()
  },
  async 'it is stopped in its tracks for 3 s'({ server }) {
    server.freeze()
    await wait(3_000)
    server.thaw()
  },
  async 'it pauses its clients'({ client }) {
    await client.call('client', ['pause', '1500', 'all'])
    await wait(1_500)
  },
  async 'it forgets its scripts, again and again'({ client }) {
    for (let round = 0; round < 30; round += 1) await client.call('script', ['flush'])
  },
  async 'the connection is cut in the middle of replies'({ proxy }) {
    for (const bytes of [1, 7, 30, 90, 200, 500]) {
      proxy.cutAfter(bytes)
      await wait(150)
    }
  },
  async 'its answers are held back, and come at once'({ proxy }) {
    proxy.hold()
    await wait(1_500)
    proxy.release()
  },
  async 'its answers are late'({ proxy }) {
    proxy.delay(200)
    await wait(600)
    proxy.delay(0)
  },
}

describe.concurrent.each(MAJORS)('one server, %s', (_name, { redis }) => {
  async function trafficAmid(
    fault: (scene: Scene) => Promise<void>,
  ): Promise<Awaited<ReturnType<typeof trafficDuring>>> {
    await using server = await startRedis({ config: ['appendonly yes', 'appendfsync always'] })
    await using proxy = await startProxy(server.port)
    return await withClient(redis({ port: proxy.port }), (client) =>
      trafficDuring(openStore(client, { deadlineMs: DEADLINE_MS }), () => fault({ server, proxy, client })),
    )
  }

  it.for(Object.entries(FAULTS))(
    'accepts no revoked token, lets nothing hang and serves again when %s',
    { timeout: 30_000 },
    async ([, fault], { expect }) => {
      const traffic = await trafficAmid(fault)
      expect(traffic).toMatchObject({ accepted: [], surprises: [] })
      expect(traffic.slowestMs).toBeLessThan(DEADLINE_MS + SLACK_MS)
      expect(traffic.recoveryMs).toBeLessThan(RECOVERY_MS)
    },
  )

  it('knows none of its tokens when it is killed and restarts empty', { timeout: 30_000 }, async ({ expect }) => {
    const { accepted, surprises, slowestMs, recoveryMs } = await trafficAmid(async ({ server }) => {
      await server.kill()
      await server.restart({ empty: true })
    })
    expect(accepted).toEqual([])
    expect(surprises).toEqual(surprises.map(() => expect.objectContaining({ code: 'token_not_found' })))
    expect(slowestMs).toBeLessThan(DEADLINE_MS + SLACK_MS)
    expect(recoveryMs).toBeLessThan(RECOVERY_MS)
  })
})
