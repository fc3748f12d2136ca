import { shardOf } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startCluster, startRedis } from '../../../../test/redis/index.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { workOf } from '../../testing/command-counts.ts'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import type { OpenStore } from '../../testing/open-store.ts'
import { patientStore } from '../../testing/patient-store.ts'
import { slotOf } from '../text/slot.ts'

const server = await startRedis()
const servers = await startCluster()
const ports = servers.nodes.map(({ port }) => port)

afterAll(() => Promise.all([server.stop(), servers.stop()]))

async function givenTokens(store: OpenStore, count: number, owners: number) {
  const records = Array.from({ length: count }, (_, number) => sampleRecord({ owner: `owner-${number % owners}` }))
  await Promise.all(records.map((record) => store.insert(record, FREELY)))
  return records
}

async function expectUsed(store: OpenStore, records: readonly { owner: string; id: string }[], at: number) {
  const found = await Promise.all(records.map(({ owner, id }) => store.find(owner, id)))
  expect(found.map((record) => record?.lastUsedAt)).toEqual(found.map(() => at))
}

describe.each(MAJORS)('recordUse, %s', (_name, { redis, cluster }) => {
  const client = redis({ port: server.port })
  const clusterClient = cluster(ports)

  afterAll(() => {
    client.disconnect()
    clusterClient.disconnect()
  })

  it('is one call for each owner, and for each hundred of its tokens', async () => {
    const store = patientStore(client)
    const records = await givenTokens(store, 300, 2)
    await store.recordUse([{ owner: 'nobody', id: 'unknown', at: NOW }])
    const { calls } = await workOf(client, () =>
      store.recordUse(records.map(({ owner, id }) => ({ owner, id, at: NOW }))),
    )
    expect(calls['evalsha']).toBe(4)
    await expectUsed(store, records, NOW)
  })

  it('writes over all nodes of a cluster, also when none of them has the script', async () => {
    const store = patientStore(clusterClient)
    const records = await givenTokens(store, 60, 30)
    for (const node of clusterClient.nodes?.('master') ?? []) await node.callBuffer('script', ['flush'])
    await store.recordUse(records.map(({ owner, id }) => ({ owner, id, at: NOW + 1 })))
    await expectUsed(store, records, NOW + 1)
  })

  it('writes to a slot that has moved without the client knowing', async () => {
    const store = patientStore(clusterClient)
    const records = await givenTokens(store, 10, 2)
    const slot = slotOf(shardOf('owner-0'))
    const home = Math.floor(slot / Math.ceil(16_384 / ports.length))
    const away = (home + 1) % ports.length
    await servers.moveSlot(slot, home, away)
    await store.recordUse(records.map(({ owner, id }) => ({ owner, id, at: NOW + 2 })))
    await expectUsed(store, records, NOW + 2)
    await servers.moveSlot(slot, away, home)
    await store.recordUse(records.map(({ owner, id }) => ({ owner, id, at: NOW + 3 })))
    await expectUsed(store, records, NOW + 3)
  })

  it('rejects when one of the writes failed', async () => {
    await client.call('flushall', [])
    const store = patientStore(client, { keyPrefix: 'broken:' })
    const [broken, whole] = [sampleRecord({ owner: 'broken' }), sampleRecord({ owner: 'whole' })]
    for (const record of [broken, whole]) await store.insert(record, FREELY)
    await client.call('set', [`broken:d:{${shardOf('broken')}}:broken`, 'not a hash'])
    const uses = [broken, whole].map(({ owner, id }) => ({ owner, id, at: NOW }))
    await expect(store.recordUse(uses)).rejects.toThrow('WRONGTYPE')
  })
})
