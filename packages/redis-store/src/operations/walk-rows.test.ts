import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../../test/redis/index.ts'
import { retentionAt } from '../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { interrupted } from '../../testing/interrupted.ts'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import { patientStore } from '../../testing/patient-store.ts'

const MANY = 800
const LAST_OF_FIRST_STEP = 249

const server = await startRedis()

afterAll(() => server.stop())

describe.each(MAJORS)('walkRows, %s', (_name, { redis }) => {
  const client = redis({ port: server.port })
  const store = patientStore(client)

  afterAll(() => client.disconnect())

  it.each([
    ['one after the other', 1],
    ['at the same instant', 0],
  ])('reads each token that stays once when those around it are removed, created %s', async (_when, apart) => {
    const owner = `${_name} ${apart}`
    const records = Array.from({ length: MANY }, (_, number) =>
      sampleRecord({
        owner,
        id: `tok-${String(number).padStart(5, '0')}`,
        createdAt: NOW + number * apart,
        expiresAt: number % 3 === 1 ? null : NOW + 5_000,
      }),
    )
    expect(records[LAST_OF_FIRST_STEP]?.expiresAt).not.toBeNull()
    await Promise.all(records.map((record) => store.insert(record, FREELY)))
    const sort = { by: 'createdAt', direction: 'asc' } as const
    const reader = patientStore(interrupted(client, () => store.prune(retentionAt(NOW + 5_001))))
    const page = await reader.list({ owner, now: NOW, statuses: null, name: null, sort, window: 'all' })
    const ids = page.records.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const staying = records.filter(({ expiresAt }) => expiresAt === null).map(({ id }) => id)
    expect(ids.filter((id) => staying.includes(id))).toEqual(staying)
    expect(ids.length).toBeLessThan(MANY)
  })
})
