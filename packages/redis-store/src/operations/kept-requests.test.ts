import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startRedis } from '../../../../test/redis/index.ts'
import { editAt } from '../../../../test/support/sample-change.ts'
import { FREELY, sampleRecord } from '../../../../test/support/sample-record.ts'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import { patientStore } from '../../testing/patient-store.ts'

const YEAR = 365 * 24 * 60 * 60 * 1000
/** The record that all keys share, and how many these are. */
const SHARED = 2
const DAY = 24 * 60 * 60 * 1000

const server = await startRedis()

afterAll(() => server.stop())

describe.each(MAJORS)('kept requests, %s', (_name, { redis }) => {
  const client = redis({ port: server.port })
  const store = patientStore(client)

  afterAll(() => client.disconnect())

  beforeEach(() => client.call('flushall', []))

  /** Renames a token under a key, by a clock that shows `at`. */
  async function renameUnder(key: string, id: string, at: number): Promise<string> {
    const idempotency = { key, fingerprint: key, expiresAt: at + DAY, limit: 5 }
    const { outcome } = await store.edit('acme', id, editAt(at, { idempotency, name: key }))
    return outcome
  }

  it('frees no key for a clock that runs a year ahead, and holds none of it for a year', async () => {
    const record = sampleRecord()
    await store.insert(record, FREELY)
    const now = Date.now()
    for (const key of ['a', 'b', 'c', 'd', 'e']) expect(await renameUnder(key, record.id, now)).toBe('done')
    expect(await renameUnder('a', record.id, now + YEAR)).toBe('replayed')
    expect(await renameUnder('f', record.id, now + YEAR)).toBe('idempotency_limit_reached')
    for (const key of ['a', 'b', 'c', 'd', 'e']) expect(await renameUnder(key, record.id, now)).toBe('replayed')

    await client.call('flushall', [])
    await store.insert(record, FREELY)
    expect(await renameUnder('a', record.id, now + YEAR)).toBe('done')
    const [, expiry] = (await client.call('zrange', ['tessera:x:{9G}::acme', 0, -1, 'WITHSCORES'])) as string[]
    expect(Number(expiry)).toBeLessThan(Date.now() + DAY + 120_000)
  })

  it('takes at most 400 bytes a key, however large the record is', async () => {
    const scopes = Array.from({ length: 100 }, (_, number) => `jobs-${number}:read`)
    const record = sampleRecord({ scopes })
    await store.insert(record, FREELY)
    const now = Date.now()
    const keys = Array.from({ length: 1_000 }, (_, number) => `key-${number}`)
    for (const key of keys) {
      const idempotency = { key, fingerprint: key, expiresAt: now + DAY }
      await store.edit('acme', record.id, editAt(now, { idempotency, name: key }))
    }
    const sizes = ['i', 'x'].map((kind) =>
      client.call('memory', ['usage', `tessera:${kind}:{9G}::acme`, 'samples', '0']),
    )
    const bytes = (await Promise.all(sizes)).reduce<number>((sum, size) => sum + Number(size), 0)
    expect(bytes / keys.length).toBeLessThan(400)
    expect(bytes / keys.length).toBeGreaterThan(100) // Less would mean that something was not measured.
  })

  it('keeps no key that has expired while new ones are used, and nothing of a key that was used again', async () => {
    const record = sampleRecord()
    await store.insert(record, FREELY)
    const now = Date.now()
    for (const key of ['a', 'b', 'c', 'd', 'e']) await renameUnder(key, record.id, now - 2 * DAY)
    for (const key of ['f', 'g', 'a']) expect(await renameUnder(key, record.id, now)).toBe('done')
    const sizes = [client.call('hlen', ['tessera:i:{9G}::acme']), client.call('zcard', ['tessera:x:{9G}::acme'])]
    expect((await Promise.all(sizes)).map(Number)).toEqual([3 + SHARED, 3])
  })
})
