import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../../test/redis/index.ts'
import { FREELY, sampleRecord } from '../../../../test/support/sample-record.ts'
import { workOf } from '../../testing/command-counts.ts'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import { patientStore } from '../../testing/patient-store.ts'

const server = await startRedis()
afterAll(() => server.stop())

describe.each(MAJORS)('findById, %s', (_name, { redis }) => {
  const client = redis({ port: server.port, lazyConnect: true })
  const store = patientStore(client)

  afterAll(async () => {
    await client.call('flushall', [])
    client.disconnect()
  })

  it('finds a token among those of many owners, in steps without a script for each', async () => {
    const records = Array.from({ length: 500 }, (_, number) => sampleRecord({ owner: `owner-${number}` }))
    await Promise.all(records.map((record) => store.insert(record, FREELY)))
    const wanted = records[321] ?? sampleRecord()
    const { calls } = await workOf(client, async () => {
      expect(await store.findById(wanted.id)).toEqual(wanted)
    })
    expect(calls['evalsha'] ?? 0).toBeLessThanOrEqual(2)
    const { calls: ofUnknown } = await workOf(client, async () => {
      expect(await store.findById('unknown')).toBeNull()
    })
    expect(ofUnknown).toMatchObject({ hget: 500, scan: expect.any(Number) })
    expect(ofUnknown).not.toHaveProperty('evalsha')
  })
})
