import { StoreError } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startProxy, startRedis } from '../../../../test/redis/index.ts'
import { retentionAt } from '../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import { patientStore } from '../../testing/patient-store.ts'

const server = await startRedis()
const proxy = await startProxy(server.port)

afterAll(() => Promise.all([proxy.stop(), server.stop()]))

describe.each(MAJORS)('insert, %s', (_name, { redis }) => {
  const client = redis({ port: proxy.port })
  const store = patientStore(client)

  afterAll(() => client.disconnect())

  it.each([
    ['without a key', null],
    ['under an idempotency key', { key: `key of ${_name}`, fingerprint: 'f', expiresAt: NOW + 1 }],
  ])('is inserted once when the reply is lost and the client sends it again, %s', async (_how, idempotency) => {
    const record = sampleRecord()
    await store.ready()
    await store.insert(sampleRecord(), FREELY)
    proxy.cutAfter(3)
    expect(await store.insert(record, { ...FREELY, idempotency })).toEqual({ outcome: 'inserted' })
    expect(await store.find(record.owner, record.id)).toEqual(record)
    expect(await store.insert(record, FREELY)).toEqual({ outcome: 'id_taken' })
  })

  it('counts no token that comes rotated or revoked, and prunes it by its end', async () => {
    const owner = `import of ${_name}`
    const gone = [
      { rotatedTo: 'next', overlapEndsAt: NOW + 5, expiresAt: NOW + 50 },
      { revokedAt: NOW + 5 },
      { rotatedTo: 'next', revokedAt: NOW + 5, overlapEndsAt: NOW + 50 },
      { rotatedTo: 'next' },
    ]
    for (const facts of gone) await store.insert(sampleRecord({ owner, ...facts }), FREELY)
    const first = { ...FREELY, activeLimit: 1 }
    expect(await store.insert(sampleRecord({ owner }), first)).toEqual({ outcome: 'inserted' })
    expect(await store.insert(sampleRecord({ owner }), first)).toEqual({ outcome: 'limit_reached', active: 1 })
    expect([
      await store.prune(retentionAt(NOW + 5)),
      await store.prune(retentionAt(NOW + 6)),
      await store.prune(retentionAt(NOW + 99)),
    ]).toEqual([0, 3, 0])
  })

  it('does not take over a digest that another token has', async () => {
    const [first, second] = [sampleRecord(), sampleRecord()]
    await store.insert(first, FREELY)
    await expect(store.insert({ ...second, digest: first.digest }, FREELY)).rejects.toThrow(StoreError)
    expect(await store.find(second.owner, second.id)).toBeNull()
    await store.insert(second, FREELY)
    await expect(store.rekey(second.owner, second.id, first.digest)).rejects.toThrow('the digest is in use')
    expect(await store.find(first.owner, first.id)).toEqual(first)
    expect(await store.find(second.owner, second.id)).toEqual(second)
  })

  it('puts no argument of a command into the error, where it would reach logs', async () => {
    const [first, second] = [sampleRecord(), sampleRecord({ name: 'a name for no log' })]
    await store.insert(first, FREELY)
    const error: unknown = await store.insert({ ...second, digest: first.digest }, FREELY).catch((thrown) => thrown)
    expect((error as StoreError).cause).not.toHaveProperty('command')
    expect(String(error)).toContain('the digest is in use')
  })
})
