import { setTimeout as wait } from 'node:timers/promises'
import { stepsOn } from '@tessera/store-conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { changeAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { until } from '../../../test/support/servers/index.ts'
import { makeTables } from '../testing/test-tables.ts'
import type { TestTables } from '../testing/test-tables.ts'
import { postgresStore } from './postgres-store.ts'

const FEED_LOCK = "select pg_advisory_xact_lock('{changes}'::regclass::oid::int, 0)"
const MANY = 40
const LIMIT = 25
const UNAVAILABLE = { name: 'StoreError', code: 'store_unavailable' }

const storeOn = ({ pool, schema }: TestTables, deadlineMs = 20_000) =>
  stepsOn(postgresStore(pool, { schema, deadlineMs }))
const rowOf = (id: string) => `select 1 from {tokens} where id = '${id}' for update`
const records = (...ids: string[]) => ids.map((id) => sampleRecord({ id }))
const isWaiting = async ({ ask }: TestTables) => (await ask('select 1 from pg_locks where not granted')).length > 0

/** How many transactions wrote the tokens as they are. */
const writesOf = ({ ask }: TestTables) => ask('select count(distinct xmin::text)::int from {tokens}')

describe.skipIf(!hasPostgres)('changes of one owner at once', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres()
  })

  afterAll(() => server.stop())

  it('are written together, but for the first, and each has its entry in the feed', async () => {
    await using tables = await makeTables(server.url)
    const store = storeOn(tables)
    const tokens = records(...Array.from({ length: MANY }, (_, number) => `token-${number}`))
    for (const record of tokens) await store.insert(record, FREELY)
    let changing: Promise<unknown> = Promise.resolve()
    await tables.during(FEED_LOCK, async () => {
      changing = Promise.all(tokens.map(({ owner, id }) => store.suspend(owner, id, changeAt(NOW))))
      await tables.overOrWaiting(changing)
    })
    await changing
    expect(await writesOf(tables)).toEqual([2])
    const digests = await tables.ask('select digest from {changes} where digest is not null')
    expect(new Set(digests)).toEqual(new Set(tokens.map(({ digest }) => digest)))
  })

  it('hold the limit of active tokens, each at its own instant', async () => {
    await using tables = await makeTables(server.url)
    const store = storeOn(tables)
    const issuing = Array.from({ length: MANY }, (_, number) =>
      store.insert(sampleRecord(), { ...FREELY, now: NOW + number, activeLimit: LIMIT }),
    )
    const outcomes = (await Promise.all(issuing)).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(Array.from({ length: MANY }, (_, at) => (at < LIMIT ? 'inserted' : 'limit_reached')))
    expect(await writesOf(tables)).toEqual([2])
  })

  it('have one effect under one key, within the limit of keys', async () => {
    await using tables = await makeTables(server.url)
    const store = storeOn(tables)
    const issue = (key: string, at: number) =>
      store.insert(sampleRecord(), {
        ...{ ...FREELY, now: NOW + at, activeLimit: LIMIT },
        idempotency: { key: `ot_pat:${key}`, fingerprint: 'f', expiresAt: NOW + 1_000, limit: 1 },
      })
    const outcomes = await Promise.all(Array.from({ length: MANY }, (_, number) => issue('one', number)))
    expect(new Set(outcomes.slice(1).map(({ outcome }) => outcome))).toEqual(new Set(['replayed']))
    expect(await tables.ask('select count(*)::int from {tokens}')).toEqual([1])
    const others = await Promise.all(Array.from({ length: 3 }, (_, number) => issue('two', number)))
    expect(others.map(({ outcome }) => outcome)).toEqual(others.map(() => 'idempotency_limit_reached'))
  })

  it('do not fail with one that may not be', async () => {
    await using tables = await makeTables(server.url)
    const store = storeOn(tables)
    const [first, second, third] = records('one', 'two', 'three')
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are three')
    for (const record of [first, second, third]) await store.insert(record, FREELY)
    let outcomes: Promise<readonly unknown[]> = Promise.resolve([])
    await tables.during(FEED_LOCK, async () => {
      outcomes = Promise.all([
        store.suspend(first.owner, first.id, changeAt(NOW)),
        store.rekey(second.owner, second.id, first.digest).catch((error: unknown) => error),
        store.suspend(third.owner, third.id, changeAt(NOW)),
      ])
      await tables.overOrWaiting(outcomes)
    })
    expect(await outcomes).toMatchObject([{ outcome: 'done' }, UNAVAILABLE, { outcome: 'done' }])
    expect(await store.find(third.owner, third.id)).toMatchObject({ suspendedAt: NOW })
  })

  it('are not given up with one whose caller waits no longer', async () => {
    await using tables = await makeTables(server.url)
    const deadlineMs = 1_500
    const [patient, store] = [storeOn(tables), storeOn(tables, deadlineMs)]
    const tokens = records('first', 'early', 'late')
    for (const record of tokens) await patient.insert(record, FREELY)
    const suspend = (id: string) =>
      store.suspend('acme', id, changeAt(NOW)).then(
        () => 'suspended',
        (error: unknown) => error,
      )
    let late: Promise<unknown> = Promise.resolve()
    await tables.during(rowOf('late'), async () => {
      let early: Promise<unknown> = Promise.resolve()
      let first: Promise<unknown> = Promise.resolve()
      await tables.during(rowOf('first'), async () => {
        first = suspend('first')
        await until(() => isWaiting(tables))
        early = suspend('early')
        await wait(0.6 * deadlineMs)
        late = suspend('late')
      })
      expect(await first).toBe('suspended')
      expect(await early).toMatchObject(UNAVAILABLE)
    })
    expect(await late).toBe('suspended')
    expect(await tables.ask("select id from {tokens} where record->>'suspendedAt' is not null order by id")).toEqual([
      'first',
      'late',
    ])
  })
})
