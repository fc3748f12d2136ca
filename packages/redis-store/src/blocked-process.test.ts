import { shardOf } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis, until } from '../../../test/redis/index.ts'
import { FREELY, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import { patientStore } from '../testing/patient-store.ts'

const server = await startRedis()

afterAll(() => server.stop())

/** Time enough for a Redis on a loaded machine. */
const DEADLINE_MS = 500
const ROUNDS = 2
const SHARD = shardOf('acme')

function block(ms: number): void {
  const endAt = performance.now() + ms
  while (performance.now() < endAt);
}

describe.each(MAJORS)('a process that is blocked for longer than the deadline, %s', (_name, { redis }) => {
  it('loses no answer that Redis gave in time', async () => {
    await withClient(redis({ port: server.port }), async (client) => {
      const record = sampleRecord()
      await patientStore(client).insert(record, FREELY)
      const store = openStore(client, { deadlineMs: DEADLINE_MS })
      await until(() =>
        store.ready().then(
          () => true,
          () => false,
        ),
      )
      for (let round = 0; round < ROUNDS; round += 1) {
        const verifications = Array.from({ length: 50 }, () => store.findByDigest([record.digest], SHARD))
        await Promise.resolve().then(() => new Promise((resolve) => process.nextTick(resolve))) // All are sent.
        block(1.5 * DEADLINE_MS)
        expect(await Promise.allSettled(verifications)).toEqual(
          verifications.map(() => ({ status: 'fulfilled', value: record })),
        )
      }
    })
  })

  it('still gives up a server that hangs', async () => {
    await using hanging = await startRedis()
    await withClient(redis({ port: hanging.port }), async (client) => {
      const store = openStore(client, { deadlineMs: DEADLINE_MS })
      await until(() =>
        store.ready().then(
          () => true,
          () => false,
        ),
      )
      hanging.freeze()
      const startedAt = performance.now()
      await expect(store.findByDigest([sampleRecord().digest], SHARD)).rejects.toThrow('no answer within 500 ms')
      expect(performance.now() - startedAt).toBeLessThan(10 * DEADLINE_MS)
      hanging.thaw()
    })
  })
})
