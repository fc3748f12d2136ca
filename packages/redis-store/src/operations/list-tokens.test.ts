import type { Place, TokenPage, TokenQuery, TokenRecord } from '@tessera/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../../test/redis/index.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { workOf } from '../../testing/command-counts.ts'
import { newestMajor } from '../../testing/ioredis-majors.ts'
import { openStore } from '../../testing/open-store.ts'

const MANY = 20_000
const MOST_IN_STEP = 250
/** One token in so many passes the filter. */
const PASSING = 500

const server = await startRedis()
const client = newestMajor.redis({ port: server.port })
const store = openStore(client, { deadlineMs: 20_000 })
const records: TokenRecord[] = []

beforeAll(async () => {
  while (records.length < MANY) {
    const some = Array.from({ length: 2_000 }, (_, number) => {
      const createdAt = NOW + records.length + number
      return sampleRecord({ createdAt, name: number % PASSING === 7 ? 'Größe' : 'ci-deploy' })
    })
    records.push(...some)
    await Promise.all(some.map((record) => store.insert(record, FREELY)))
  }
}, 120_000)

afterAll(async () => {
  client.disconnect()
  await server.stop()
})

function query(facts: Partial<TokenQuery> = {}): TokenQuery {
  const sort = { by: 'createdAt', direction: 'asc' } as const
  return {
    owner: 'acme',
    prefixes: ['ot_pat'],
    now: NOW,
    statuses: null,
    name: null,
    sort,
    window: { offset: 0, limit: 50 },
    ...facts,
  }
}

function placeAt(record: TokenRecord | undefined): Place {
  return { value: record?.createdAt ?? 0, id: record?.id ?? '' }
}

describe('list, 20,000 tokens of one owner', () => {
  it.each([
    ['from the start', { offset: 0, limit: 50 }, 0],
    ['from the middle', { offset: MANY / 2, limit: 50 }, MANY / 2],
    ['from near the end', { offset: MANY - 50, limit: 50 }, MANY - 50],
  ])('costs its page by creation, %s', async (_where, window, first) => {
    const work = await workOf(client, async () => {
      const page = await store.list(query({ window }))
      expect(page.records).toEqual(records.slice(first, first + 50))
      expect(page.total).toBe(MANY)
    })
    expect(work.calls['evalsha']).toBe(1)
    expect(work.lookups).toBeLessThan(60)
  })

  it('costs its page after a row, newest first', async () => {
    const after = placeAt(records[12_000])
    const work = await workOf(client, async () => {
      const sort = { by: 'createdAt', direction: 'desc' } as const
      const page = await store.list(query({ sort, window: { after, limit: 50 } }))
      expect(page.records).toEqual(records.slice(11_950, 12_000).toReversed())
      expect(page.next).toEqual(placeAt(records[11_950]))
    })
    expect(work.calls['evalsha']).toBe(1)
    expect(work.lookups).toBeLessThan(60)
  })

  it('is one pass in steps of at most 250 tokens where those that pass are counted', { timeout: 30_000 }, async () => {
    const work = await workOf(client, async () => {
      const page = await store.list(query({ name: 'GRÖSSE', window: { offset: 30, limit: 50 } }))
      expect(page.records).toEqual(records.filter(({ name }) => name === 'Größe').slice(30))
      expect(page.total).toBe(MANY / PASSING)
    })
    // One more for those that are shown, which are read again.
    expect(work.calls['evalsha']).toBe(MANY / MOST_IN_STEP + 1)
    expect(work.lookups).toBeLessThan(MANY * 1.1)
  })

  it('ends a page that nothing passes after so many tokens, however many there are', async () => {
    const lookAtMost = MANY / 4
    const ends: (Place | null)[] = []
    const work = await workOf(client, async () => {
      let after: Place | null = null
      do {
        const page: TokenPage = await store.list(query({ name: 'none', lookAtMost, window: { after, limit: 50 } }))
        expect(page.records).toEqual([])
        ends.push(page.next)
        after = page.next
      } while (ends.length < 4)
    })
    expect(ends).toEqual([1, 2, 3, 4].map((part) => placeAt(records[part * lookAtMost - 1])))
    expect(work.calls['evalsha']).toBe(MANY / MOST_IN_STEP)
  })

  it('begins and ends with a range of creation', async () => {
    const [from, to] = [records[15_000], records[15_100]]
    const range = { createdAfter: from?.createdAt ?? null, createdBefore: to?.createdAt ?? null }
    for (const direction of ['asc', 'desc'] as const) {
      const work = await workOf(client, async () => {
        const sort = { by: 'createdAt', direction } as const
        const page = await store.list(query({ ...range, name: 'none', sort, window: { after: null, limit: 50 } }))
        expect(page).toEqual({ records: [], total: null, next: null })
      })
      expect(work.calls['evalsha']).toBe(1)
      expect(work.lookups).toBeLessThan(1.1 * MOST_IN_STEP)
    }
  })

  it('reads no further than it takes to fill a page after a row, and to know whether another follows', async () => {
    const passing = records.filter(({ name }) => name === 'Größe')
    const after = placeAt(passing[9])
    const work = await workOf(client, async () => {
      const page = await store.list(query({ name: 'GRÖSSE', window: { after, limit: 5 } }))
      expect(page.records).toEqual(passing.slice(10, 15))
      expect(page.next).toEqual(placeAt(passing[14]))
    })
    // The page is read again.
    expect(work.calls['evalsha']).toBe((6 * PASSING) / MOST_IN_STEP + 1)
  })
})
