import { randomUUID } from 'node:crypto'
import { shardOf } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startCluster, until } from '../../../../../test/redis/index.ts'
import { changeAt, revocationAt } from '../../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { MAJORS } from '../../../testing/ioredis-majors.ts'
import { openStore } from '../../../testing/open-store.ts'
import { REPLICA_SETTINGS } from '../../../testing/replica-settings.ts'
import { slotOf } from '../../text/slot.ts'

const NODES = 3
const servers = await startCluster(NODES, { replicas: 1, config: REPLICA_SETTINGS, nodeTimeoutMs: 60_000 })

afterAll(() => servers.stop())

/** An owner whose tokens are on another node than the change feed. */
function ownerApart(): string {
  for (;;) {
    const owner = randomUUID()
    if (servers.homeOf(slotOf(shardOf(owner))) !== servers.homeOf(slotOf('feed'))) return owner
  }
}

describe.each(MAJORS)('a step that finds its change made, %s', (_name, { cluster }) => {
  const client = cluster(servers.nodes.map(({ port }) => port))

  afterAll(() => client.disconnect())

  it('is acknowledged no sooner than replicas have what it found', async () => {
    const store = openStore(client, { keyPrefix: `${randomUUID()}:`, minReplicas: 1, deadlineMs: 1_500 })
    const owner = ownerApart()
    const { id, ...token } = sampleRecord({ owner })
    const idempotency = { key: id, fingerprint: 'f', expiresAt: NOW + 9 }
    await store.insert({ id, ...token }, FREELY)
    const steps = [
      () => store.revoke(owner, id, { ...revocationAt(NOW), idempotency }),
      () => store.revoke(owner, id, { ...revocationAt(NOW), idempotency }),
      () => store.revoke(owner, id, revocationAt(NOW)),
      () => store.suspend(owner, id, changeAt(NOW)),
      () => store.findRequest(owner, idempotency, NOW),
    ]
    const home = servers.homeOf(slotOf(shardOf(owner)))
    const replica = servers.nodes[servers.replicaOf(home)]
    replica?.freeze()
    const failures: string[] = []
    for (const step of steps) failures.push(await step().then(JSON.stringify, String))
    replica?.thaw()
    await until(async () => (await servers.client(home).info('replication')).includes('min_slaves_good_slaves:1'))
    expect(failures).toEqual(steps.map(() => expect.stringMatching(/only 0 of 1 replicas confirmed|NOREPLICAS/)))
    const outcomes = ['replayed', 'replayed', 'done', 'not_allowed', 'replayed']
    for (const [index, step] of steps.entries()) expect(await step()).toMatchObject({ outcome: outcomes[index] })
  })
})
