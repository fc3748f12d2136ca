import { shardOf } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { FREELY, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import { redisStore } from './redis-store.ts'

const server = await startRedis()

afterAll(() => server.stop())

const DEADLINE_MS = 100
const ROUNDS = 4
const SHARD = shardOf('acme')

function block(ms: number): void {
  const endAt = performance.now() + ms
  while (performance.now() < endAt);
}

describe.each(MAJORS)('a process that is blocked for longer than the deadline, %s', (_name, { redis }) => {
  it('loses no answer that Redis gave in time', async () => {
    await withClient(redis({ port: server.port }), async (client) => {
      const store = redisStore(client, { deadlineMs: DEADLINE_MS })
      const record = sampleRecord()
      await store.insert(record, FREELY)
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
      const store = redisStore(client, { deadlineMs: DEADLINE_MS })
      await store.ready()
      hanging.freeze()
      const startedAt = performance.now()
      await expect(store.findByDigest([sampleRecord().digest], SHARD)).rejects.toThrow('no answer within 100 ms')
      expect(performance.now() - startedAt).toBeLessThan(10 * DEADLINE_MS)
      hanging.thaw()
    })
  })
})
