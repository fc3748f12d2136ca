import type { TokenPage, TokenQuery, TokenRecord } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../../test/redis/index.ts'
import { revocationAt } from '../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { interrupted } from '../../testing/interrupted.ts'
import { MAJORS } from '../../testing/ioredis-majors.ts'
import type { OpenStore } from '../../testing/open-store.ts'
import { patientStore } from '../../testing/patient-store.ts'

const LIMIT = 25
const MANY = 1_500
const ASCENDING = { by: 'createdAt', direction: 'asc' } as const
const DESCENDING = { by: 'createdAt', direction: 'desc' } as const

const QUERIES: readonly (readonly [name: string, query: Partial<TokenQuery>])[] = [
  ['everything', { window: 'all' }],
  ['everything, newest first', { window: 'all', sort: DESCENDING }],
  ['active ones', { window: 'all', statuses: ['active'] }],
  ['a range of active ones', { window: { offset: 0, limit: 100 }, statuses: ['active'] }],
  [
    'a range by last use',
    { window: { offset: 0, limit: 100 }, statuses: ['active'], sort: { ...ASCENDING, by: 'lastUsedAt' } },
  ],
  ['a page of active ones', { window: { after: null, limit: 100 }, statuses: ['active'] }],
  [
    'a page of active ones, newest first',
    { window: { after: null, limit: 100 }, statuses: ['active'], sort: DESCENDING },
  ],
  ['a long range', { window: { offset: 0, limit: 1_600 } }],
  ['a long page', { window: { after: null, limit: 1_600 } }],
]

const server = await startRedis()

afterAll(() => server.stop())

/** An owner with many revoked tokens, and active ones between them, as many as it may have. */
async function givenMany(store: OpenStore, owner: string): Promise<TokenRecord[]> {
  const records = Array.from({ length: MANY }, (_, number) =>
    sampleRecord({ owner, createdAt: NOW + number, revokedAt: number % (MANY / LIMIT) === 7 ? null : NOW + MANY }),
  )
  await Promise.all(records.map((record) => store.insert(record, FREELY)))
  return records.filter(({ revokedAt }) => revokedAt === null)
}

/** Takes turns: revokes the oldest active token, and issues another in its place. */
function churning(store: OpenStore, owner: string, active: TokenRecord[]): () => Promise<void> {
  let at = NOW + MANY
  return async () => {
    at += 1
    const oldest = active.shift()
    if (oldest !== undefined) await store.revoke(owner, oldest.id, revocationAt(at))
    const record = sampleRecord({ owner, createdAt: at })
    const { outcome } = await store.insert(record, { now: at, activeLimit: LIMIT, idempotency: null })
    if (outcome === 'inserted') active.push(record)
  }
}

describe.each(MAJORS)('a list that is read in several steps, %s', (_name, { redis }) => {
  const [client, other, third] = [1, 2, 3].map(() => redis({ port: server.port }))
  if (client === undefined || other === undefined || third === undefined) throw new Error('there are no clients')

  afterAll(() => {
    for (const each of [client, other, third]) each.disconnect()
  })

  let between = async (): Promise<void> => {}
  const store = patientStore(other)
  const reader = patientStore(client)
  const interruptedReader = patientStore(interrupted(client, () => between()))

  const queryOf = (owner: string, query: Partial<TokenQuery>): TokenQuery => ({
    ...{
      owner,
      prefixes: ['ot_pat'],
      now: NOW + 10 * MANY,
      statuses: null,
      name: null,
      sort: ASCENDING,
      window: 'all',
    },
    ...query,
  })
  const activeIn = (records: readonly TokenRecord[]) => records.filter(({ revokedAt }) => revokedAt === null)

  it.each(QUERIES)('shows no more active tokens than the limit while they are replaced: %s', async (name, query) => {
    const owner = `${_name} ${name}`
    const turn = churning(store, owner, await givenMany(store, owner))
    between = async () => {
      for (let count = 0; count < 3; count += 1) await turn()
    }
    const { records, total } = await interruptedReader.list(queryOf(owner, query))
    expect(activeIn(records).length).toBeLessThanOrEqual(LIMIT)
    expect(activeIn(records).length).toBeGreaterThan(0)
    if (query.statuses !== undefined && total !== null) expect(total).toBe(records.length)
  })

  it('shows no more of them while others go on over connections of their own', async () => {
    const owner = `${_name} at work`
    const stores = [store, patientStore(third)]
    const active = await givenMany(store, owner)
    const end = new AbortController()
    const workers = stores.map(async (each, index) => {
      const turn = churning(
        each,
        owner,
        active.filter((_, number) => number % stores.length === index),
      )
      while (!end.signal.aborted) await turn()
    })
    try {
      for (let round = 0; round < 3; round += 1) {
        for (const [, query] of QUERIES.slice(1, 6)) {
          const { records } = await reader.list(queryOf(owner, query))
          expect(activeIn(records).length).toBeLessThanOrEqual(LIMIT)
        }
      }
    } finally {
      end.abort()
      await Promise.all(workers)
    }
  }, 30_000)

  it('leaves out of a walk no token that stays', async () => {
    const owner = `${_name} walked`
    const active = await givenMany(store, owner)
    const staying = active.slice(10).map(({ id }) => id)
    between = churning(store, owner, active)
    const seen: string[] = []
    let next: TokenQuery['window'] | null = { after: null, limit: 4 }
    for (let pages = 0; next !== null && pages < 8; pages += 1) {
      const page: TokenPage = await interruptedReader.list(queryOf(owner, { statuses: ['active'], window: next }))
      seen.push(...page.records.map(({ id }) => id))
      next = page.next && { after: page.next, limit: 4 }
    }
    expect(new Set(seen).size).toBe(seen.length)
    const revoked = await Promise.all(staying.map(async (id) => (await store.find(owner, id))?.revokedAt !== null))
    expect(staying.filter((id, index) => revoked[index] === false && !seen.includes(id))).toEqual([])
  })
})
