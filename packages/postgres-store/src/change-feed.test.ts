import type { TokenRecord } from '@tessera/core'
import { stepsOn } from '@tessera/store-conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { until } from '../../../test/support/servers/index.ts'
import { changeAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { makeTables } from '../testing/test-tables.ts'
import type { Mistake, TestTables } from '../testing/test-tables.ts'
import { postgresStore } from './postgres-store.ts'

const LOCK = "pg_advisory_xact_lock('{changes}'::regclass::oid::int, 0)"
const TAKE = `v_locked := ${LOCK};`
const NEWEST = `select c.n, (select f.value from {facts} f where f.name = 'lease_ms') into strict v_newest, v_kept
  from {changes} c order by c.n desc limit 1;`

const SEQUENCE: readonly Mistake[] = [
  [TAKE, ''],
  [NEWEST, "v_newest := nextval('{changes_n}') - 1;"],
  [
    'insert into {changes} (n, nonce) values (0,',
    'create sequence {changes_n}; insert into {changes} (n, nonce) values (0,',
  ],
]
const ONE_STATEMENT: readonly Mistake[] = [
  [TAKE, ''],
  [NEWEST, NEWEST.replace('{changes} c', `{changes} c, (select ${LOCK}) l`)],
]
const ONE_SHORT: readonly Mistake[] = [
  ['c.n < v_newest - p_changes_kept + v_count', 'c.n <= v_newest - p_changes_kept + v_count'],
]
const NO_HISTORY: readonly Mistake[] = [
  ['(extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint::text', "'1'"],
]
const NOT_ANNOUNCED: readonly Mistake[] = [
  ['v_wait_ms := {announce_v2}(p_digests, p_owner, p_changes_kept, p_own_ms);', 'null;'],
]

const PATIENT = { deadlineMs: 20_000 }
const storeOn = ({ pool, schema }: TestTables, changesKept = 2_000) =>
  stepsOn(postgresStore(pool, { schema, changesKept, ...PATIENT }))

describe.skipIf(!hasPostgres)('the change feed', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres()
  })

  afterAll(() => server.stop())

  async function insertOne(store: ReturnType<typeof storeOn>): Promise<TokenRecord> {
    const record = sampleRecord()
    await store.insert(record, FREELY)
    return record
  }

  /** A change that began earlier is committed later. */
  async function expectInOrder(tables: TestTables): Promise<void> {
    const store = storeOn(tables)
    const { owner, id, digest } = await insertOne(store)
    const start = await store.feed.revision()
    let changing: Promise<unknown> = Promise.resolve()
    let met = await store.feed.changesSince(start)
    await tables.during("select {announce_v1}(array['under way'], 'acme', 2000)", async () => {
      changing = store.suspend(owner, id, changeAt(NOW))
      await tables.overOrWaiting(changing)
      met = await store.feed.changesSince(start)
    })
    await changing
    const later = await store.feed.changesSince(met.revision)
    expect([met.digests, later.digests].flat()).toEqual(expect.arrayContaining(['under way', digest]))
  }

  it('brings no reader past a change that is committed later than it began', async () => {
    await using tables = await makeTables(server.url)
    await expectInOrder(tables)
  })

  it('would do so with the numbers of a sequence', async () => {
    await using tables = await makeTables(server.url, SEQUENCE)
    await expect(expectInOrder(tables)).rejects.toThrow('to deeply equal ArrayContaining')
  })

  it('would lose changes if the newest number were read by the statement that takes the lock', async () => {
    await using tables = await makeTables(server.url, ONE_STATEMENT)
    await expect(expectInOrder(tables)).rejects.toThrow('duplicate key')
  })

  async function expectTogether(tables: TestTables, store = storeOn(tables)): Promise<void> {
    const { owner, id } = await insertOne(store)
    let changing: Promise<unknown> = Promise.resolve()
    await tables.during(`select ${LOCK}`, async () => {
      changing = store.suspend(owner, id, changeAt(NOW))
      await tables.overOrWaiting(changing)
      expect(await store.find(owner, id)).toMatchObject({ suspendedAt: null })
    })
    await changing
    expect(await store.find(owner, id)).toMatchObject({ suspendedAt: NOW })
  }

  it('shows an entry together with its effect, as both are of one transaction', async () => {
    await using tables = await makeTables(server.url)
    await expectTogether(tables)
  })

  it('would show the effect first if its entry were of a second transaction', async () => {
    await using tables = await makeTables(server.url, NOT_ANNOUNCED)
    const { change, ...store } = postgresStore(tables.pool, { schema: tables.schema, ...PATIENT })
    const inTwo = stepsOn({
      ...store,
      change: async (...step: Parameters<typeof change>) => {
        const answer = await change(...step)
        await tables.ask("select {announce_v1}(array['late'], 'acme', 2000)")
        return answer as never
      },
    })
    await expect(expectTogether(tables, inTwo as ReturnType<typeof storeOn>)).rejects.toThrow('to match object')
  })

  async function expectKept(tables: TestTables): Promise<void> {
    const store = storeOn(tables, 3)
    const { owner, id, digest } = await insertOne(store)
    const start = await store.feed.revision()
    for (const at of [NOW, NOW + 2, NOW + 4]) {
      await store.suspend(owner, id, changeAt(at))
      if (at < NOW + 4) await store.resume(owner, id, changeAt(at + 1))
    }
    expect((await store.feed.changesSince(start)).digests).toBe('reset')
    const second = await store.feed.revision()
    await store.resume(owner, id, changeAt(NOW + 5))
    await store.suspend(owner, id, changeAt(NOW + 6))
    await store.resume(owner, id, changeAt(NOW + 7))
    expect((await store.feed.changesSince(second)).digests).toEqual([digest, digest, digest])
  }

  it('keeps exactly the entries after which a reader may be so many changes behind', async () => {
    await using tables = await makeTables(server.url)
    await expectKept(tables)
    expect(await tables.ask('select count(*)::int from {changes}')).toEqual([4])
  })

  it('would reset that reader if it kept one entry less', async () => {
    await using tables = await makeTables(server.url, ONE_SHORT)
    await expect(expectKept(tables)).rejects.toThrow("expected 'reset' to deeply equal")
  })

  it('resets a reader that stands before a gap, as a store that keeps more leaves one behind', async () => {
    await using tables = await makeTables(server.url)
    const [many, few] = [storeOn(tables, 10), storeOn(tables, 1)]
    const { owner, id } = await insertOne(many)
    const start = await many.feed.revision()
    for (const at of [NOW, NOW + 2, NOW + 4]) {
      await few.suspend(owner, id, changeAt(at))
      await few.resume(owner, id, changeAt(at + 1))
    }
    await tables.ask(`insert into {changes} select 0, substring('${start}' from '-([^.]*)') on conflict do nothing`)
    expect((await many.feed.changesSince(start)).digests).toBe('reset')
  })

  it('leaves no entry behind for ever if processes keep different numbers of them', async () => {
    await using tables = await makeTables(server.url)
    const kept = Array.from({ length: 60 }, (_, turn) => (turn % 3 === 0 ? 3 : 5))
    for (const most of kept) await tables.ask(`select {announce_v2}(array['a digest'], 'acme', ${most}, 0)`)
    expect(await tables.ask('select count(*)::int <= 10 from {changes}')).toEqual([true])
  })

  it('has another history after a restart, which may have lost a new token', async () => {
    await using right = await makeTables(server.url)
    await using wrong = await makeTables(server.url, NO_HISTORY)
    const stores = [right, wrong].map((tables) => storeOn(tables))
    const before = await Promise.all(stores.map(({ feed }) => feed.revision()))
    await server.restart()
    await until(() => right.ask('select 1').then(Boolean, () => false))
    const changes = await Promise.all(stores.map(({ feed }, index) => feed.changesSince(before[index] ?? '')))
    expect(changes.map(({ digests }) => digests)).toEqual(['reset', []])
  })
})
