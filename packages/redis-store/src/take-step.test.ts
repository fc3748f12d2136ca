import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { changeAt, revocationAt, sampleRotation } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { workOf } from '../testing/command-counts.ts'
import { MAJORS } from '../testing/ioredis-majors.ts'
import { patientStore } from '../testing/patient-store.ts'
import type { RedisStore } from './redis-store.ts'

const server = await startRedis()

afterAll(() => server.stop())

const STEPS: readonly (readonly [name: string, step: (store: RedisStore, id: string) => Promise<unknown>])[] = [
  ['suspend', (store, id) => store.suspend('acme', id, changeAt(NOW))],
  ['resume', (store, id) => store.resume('acme', id, changeAt(NOW))],
  ['edit', (store, id) => store.edit('acme', id, { ...changeAt(NOW), name: 'renamed', scopes: null })],
  ['rotate', (store, id) => store.rotate('acme', id, sampleRotation())],
  ['revoke', (store, id) => store.revoke('acme', id, revocationAt(NOW))],
]

describe.each(MAJORS)('a step, %s', (_name, { redis }) => {
  // A client looks at the server when it connects, which must not be while commands are counted.
  const client = redis({ port: server.port, lazyConnect: true })
  const store = patientStore(client)

  async function givenId(): Promise<string> {
    const record = sampleRecord()
    await store.insert(record, FREELY)
    return record.id
  }

  async function givenPendingId(): Promise<string> {
    const rotation = sampleRotation()
    await store.rotate('acme', await givenId(), rotation)
    return rotation.successor.id
  }

  /** How many scripts the server runs for `work`, when it has run it before. */
  async function scriptsOf(work: () => Promise<unknown>): Promise<number | undefined> {
    return (await workOf(client, work)).calls['evalsha']
  }

  beforeAll(async () => {
    await store.ready()
    await store.completeRotation('acme', await givenPendingId(), NOW)
    await store.rotate('acme', await givenPendingId(), sampleRotation())
    for (const [, step] of STEPS) await step(store, await givenId())
  })
  afterAll(() => client.disconnect())

  it.each(STEPS)('%s is one script and the announcement, under a key too', async (_step, step) => {
    const id = await givenId()
    expect(await scriptsOf(() => step(store, id))).toBe(2)
    const keyed = { at: NOW, idempotency: { key: id, fingerprint: 'f', expiresAt: NOW + 1 } }
    expect(await scriptsOf(() => store.suspend('acme', id, keyed))).toBe(2)
    expect(await scriptsOf(() => store.suspend('acme', id, keyed))).toBe(2)
  })

  it('rotating a pending successor settles what its record remembered, with one script more', async () => {
    const id = await givenPendingId()
    expect(await scriptsOf(() => store.rotate('acme', id, sampleRotation()))).toBe(3)
    expect(await scriptsOf(() => store.rotate('acme', id, sampleRotation()))).toBe(2)
  })

  it('completing a rotation is two scripts and two announcements, and the half of it from then on', async () => {
    const id = await givenPendingId()
    expect(await scriptsOf(() => store.completeRotation('acme', id, NOW))).toBe(4)
    expect(await scriptsOf(() => store.completeRotation('acme', id, NOW))).toBe(2)
    const plain = await givenId()
    expect(await scriptsOf(() => store.completeRotation('acme', plain, NOW))).toBe(1)
  })

  it('looks up the record and the index of its owner, and no more', async () => {
    const id = await givenId()
    const { calls } = await workOf(client, () => store.revoke('acme', id, revocationAt(NOW)))
    expect(calls).toEqual({ evalsha: 2, hget: 1, get: 2, set: 2, zadd: 1, xadd: 1 })
  })
})
