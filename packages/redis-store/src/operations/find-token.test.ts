import { shardOf } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../../test/redis/index.ts'
import { FREELY, sampleRecord } from '../../../../test/support/sample-record.ts'
import { workOf } from '../../testing/command-counts.ts'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import { patientStore } from '../../testing/patient-store.ts'

const server = await startRedis()
const SHARD = shardOf('acme')

afterAll(() => server.stop())

describe.each(MAJORS)('findByDigest, %s', (_name, { redis }) => {
  // A client looks at the server when it connects, which must not be while commands are counted.
  const client = redis({ port: server.port, lazyConnect: true })
  const store = patientStore(client)

  afterAll(() => client.disconnect())

  it('is exactly one command', async () => {
    const record = sampleRecord()
    await store.insert(record, FREELY)
    const { calls } = await workOf(client, async () => {
      expect(await store.findByDigest([record.digest], SHARD)).toEqual(record)
    })
    expect(calls).toEqual({ getex: 1 })
  })

  it('is one command for a digest that nobody has, too', async () => {
    const { calls } = await workOf(client, async () => {
      expect(await store.findByDigest([sampleRecord().digest], SHARD)).toBeNull()
    })
    expect(calls).toEqual({ getex: 1 })
  })

  it('is one command each for many at once, and answers each with its own', async () => {
    const records = Array.from({ length: 100 }, () => sampleRecord())
    await Promise.all(records.map((record) => store.insert(record, FREELY)))
    const { calls } = await workOf(client, async () => {
      const digests = records.flatMap(({ digest }) => [digest, sampleRecord().digest])
      const found = await Promise.all(digests.map((digest) => store.findByDigest([digest], SHARD)))
      expect(found).toEqual(records.flatMap((record) => [record, null]))
    })
    expect(calls).toEqual({ getex: 200 })
  })

  it('rejects for what cannot be read, and for nothing that is asked for with it', async () => {
    const [record, other] = [sampleRecord(), sampleRecord()]
    await store.insert(record, FREELY)
    await store.insert(other, FREELY)
    await client.call('sadd', [Buffer.from(`tessera:{${SHARD}}=broken`), 'no text'])
    const digests = [record.digest, 'broken', other.digest]
    const finding = digests.map((digest) => store.findByDigest([digest], SHARD).catch((error: Error) => error))
    const [found, failure, another] = await Promise.all(finding)
    expect([found, another]).toEqual([record, other])
    expect(failure).toMatchObject({
      name: 'StoreError',
      message: expect.stringContaining('find a token by its digest: WRONGTYPE'),
    })
    expect(failure).not.toHaveProperty('cause.command')
  })

  it('is one command for several digests, as while a pepper is changed', async () => {
    const record = sampleRecord()
    await store.insert(record, FREELY)
    await store.findByDigest([sampleRecord().digest, record.digest], SHARD) // The server has the script from here on.
    const { calls } = await workOf(client, async () => {
      expect(await store.findByDigest([sampleRecord().digest, record.digest], SHARD)).toEqual(record)
    })
    expect(calls).toEqual({ evalsha: 1, info: 1, mget: 1 })
  })

  it('reads the revision of the change feed with one command, which asks the server for its history, too', async () => {
    await store.feed.revision()
    const { calls } = await workOf(client, () => store.feed.revision())
    expect(calls).toEqual({ evalsha: 1, info: 1, get: 1 })
  })
})
