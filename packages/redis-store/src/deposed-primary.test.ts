import { shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { startSentinel, startWithReplica, until } from '../../../test/redis/index.ts'
import { revocationAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import type { Major, TestClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import { REPLICA_SETTINGS } from '../testing/replica-settings.ts'

const SHARD = shardOf('acme')
const OPTIONS = { minReplicas: 1, deadlineMs: 2_000, leaseMs: 10 }

type Watched = Awaited<ReturnType<typeof startSentinel>>

/** Three nodes whose primary is deposed while a process keeps its connection to it. */
async function openScene({ redis }: Major): Promise<{
  readonly servers: Watched
  readonly client: TestClient
  /** Revokes a token at the new primary, until that is acknowledged. */
  revoke(id: string): Promise<void>
}> {
  const servers = await startSentinel({ replicas: 2, config: REPLICA_SETTINGS })
  const sentinels = [{ host: '127.0.0.1', port: servers.sentinel.port }]
  const client = redis({ sentinels, name: servers.name, natMap: servers.natMap() })
  return {
    servers,
    client,
    async revoke(id) {
      const next = await servers.promoted()
      await withClient(redis({ port: next.port }), async (connection) => {
        const store = openStore(connection, OPTIONS)
        await until(async () => (await store.revoke('acme', id, revocationAt(NOW)).catch(() => null)) !== null)
      })
    },
  }
}

/** The answers that are from before the revocation: a token that is not revoked, or the revision of that time. */
function staleAmong(
  answers: readonly PromiseSettledResult<TokenRecord | string | null>[],
  before: string,
): readonly unknown[] {
  return answers.filter((answer) => {
    if (answer.status === 'rejected') return false
    return typeof answer.value === 'string' ? answer.value === before : answer.value?.revokedAt !== NOW
  })
}

describe.each(MAJORS)('a deposed primary that keeps its connections, %s', { timeout: 60_000 }, (_name, major) => {
  it.each([
    ['all its replicas', async (_servers: Watched) => {}],
    [
      'only one of its two replicas',
      async ({ replicas, primary }: Watched) => {
        await withClient(major.redis({ port: replicas[1]?.port ?? 0 }), (replica) =>
          replica.call('replicaof', ['127.0.0.1', String(primary.port)]),
        )
        await withClient(major.redis({ port: primary.port }), (client) =>
          until(async () => String(await client.call('info', ['replication'])).split('state=online').length === 3),
        )
      },
    ],
  ])('answers with nothing that was revoked since, cut off from %s', async (_what, arrange) => {
    const { servers, client, revoke } = await openScene(major)
    const store = openStore(client, OPTIONS)
    const records = [sampleRecord(), sampleRecord()]
    for (const record of records) await store.insert(record, FREELY)
    const before = await store.feed.revision()
    await arrange(servers)
    servers.link.vanish()
    for (const { id } of records) await revoke(id)
    for (let round = 0; round < 40; round += 1) {
      const digest = records[round % 2]?.digest ?? ''
      const answers = await Promise.allSettled([
        store.findByDigest([digest], SHARD),
        store.feed.revision(),
        store.feed.changesSince(before).then(({ revision }) => revision),
        store.feed.leasedChangesSince?.(before).then(({ revision }) => revision) ?? null,
      ])
      expect(staleAmong(answers, before)).toEqual([])
    }
    await until(async () => (await store.feed.revision().catch(() => before)) !== before, { atMostMs: 2_000 })
    client.disconnect()
    await servers.stop()
  })

  it('does so in its first moment after it stood still, too', async () => {
    const { servers, client, revoke } = await openScene(major)
    const store = openStore(client, OPTIONS)
    const record = sampleRecord()
    await store.insert(record, FREELY)
    const before = await store.feed.revision()
    await store.findByDigest([record.digest], SHARD)
    servers.primary.freeze()
    await revoke(record.id)
    const finding = Array.from({ length: 50 }, () => store.findByDigest([record.digest], SHARD))
    const reading = Array.from({ length: 50 }, () => store.feed.revision())
    const answers = Promise.allSettled([...finding, ...reading])
    servers.primary.thaw()
    expect(staleAmong(await answers, before)).toEqual([])
    client.disconnect()
    await servers.stop()
  })
})

describe.each(MAJORS)('minReplicas that is no majority, %s', (_name, { redis }) => {
  it('is refused with what to set, as another half could acknowledge a change', { timeout: 30_000 }, async () => {
    await using servers = await startWithReplica({ replicas: 3, config: REPLICA_SETTINGS })
    await withClient(redis({ port: servers.primary.port }), async (client) => {
      await expect(openStore(client, { minReplicas: 1 }).ready()).rejects.toThrow(/3 replicas.*set minReplicas to 2/)
      const store = openStore(client, { minReplicas: 2 })
      await expect(store.ready()).rejects.toThrow(/set the server's min-replicas-to-write to 2 \(it is 1\)/)
      await client.call('config', ['set', 'min-replicas-to-write', '2'])
      await expect(store.ready()).resolves.toBeUndefined()
    })
  })
})
