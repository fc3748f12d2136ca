import { PGlite } from '@electric-sql/pglite'
import { setTimeout as wait } from 'node:timers/promises'
import { stepsOn } from '@tessera/store-conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { triesAll } from '../../../test/support/how-much.ts'
import { hasPgbouncer, hasPostgres, startPgbouncer, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { changeAt, everyAt, retentionAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { until } from '../../../test/support/servers/index.ts'
import { openPostgresJs } from '../testing/drivers.ts'
import { makeTables } from '../testing/test-tables.ts'
import type { Mistake, TestTables } from '../testing/test-tables.ts'
import type { PostgresPool } from './driver/which-driver.ts'
import { migrate } from './migrations/migrate.ts'
import { postgresStore } from './postgres-store.ts'

const DEADLINE_MS = 500
/** Of a PGlite on a loaded machine. */
const SLOWEST_START_MS = 120_000
const UNAVAILABLE = { name: 'StoreError', code: 'store_unavailable' }
const OWNER_LOCK = "select pg_advisory_xact_lock('{tokens}'::regclass::oid::int, hashtext('acme'))"
const FEED_LOCK = "select pg_advisory_xact_lock('{changes}'::regclass::oid::int, 0)"

const storeOn = (pool: PostgresPool, schema: string, deadlineMs = DEADLINE_MS) =>
  stepsOn(postgresStore(pool, { schema, deadlineMs, preparedStatements: false }))
type Store = ReturnType<typeof storeOn>

/** A clock that differs from this process's. */
const clockBy = (difference: string): readonly Mistake[] => [
  ['clock_timestamp()', `(clock_timestamp() + interval '${difference}')`],
]

/** Gives up an insert behind something else, and waits until that and the insert are over. */
async function expectNoLateInsert(
  store: Store,
  hold: () => Promise<readonly [over: PromiseLike<unknown>]>,
  isOver: () => Promise<unknown>,
) {
  const late = sampleRecord()
  // By then it knows the clock.
  await expect.poll(() => store.find(late.owner, late.id).catch(String), { timeout: 20_000 }).toBeNull()
  const [over] = await hold()
  await expect(store.insert(late, FREELY)).rejects.toMatchObject(UNAVAILABLE)
  await over
  await isOver()
  await expect.poll(() => store.find(late.owner, late.id).catch(String), { timeout: 20_000 }).toBeNull()
}

describe.skipIf(!hasPostgres)('a change whose caller was told of a failure takes no effect any more', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres()
  })

  afterAll(() => server.stop())

  const isWaiting = async ({ ask }: TestTables) => (await ask('select 1 from pg_locks where not granted')).length > 0

  it.each(['0 s', '1 hour', '-1 hour'])(
    'if it was sent behind a statement of the app, with the clock of its server %s ahead',
    async (difference) => {
      await using tables = await makeTables(server.url, clockBy(difference))
      await using opened = openPostgresJs(server.url, 1)
      await expectNoLateInsert(
        storeOn(opened.pool, tables.schema),
        async () => [opened.pool.unsafe('select pg_sleep(1)').execute()],
        () => opened.pool.unsafe('select 1'),
      )
    },
  )

  it.skipIf(!hasPgbouncer)('if it waited in a pooler', async () => {
    await using tables = await makeTables(server.url)
    await using pooler = await startPgbouncer(server, { mode: 'transaction', poolSize: 1 })
    await using opened = openPostgresJs(pooler.url, 1)
    await using other = openPostgresJs(pooler.url, 1)
    await other.pool.unsafe('select 1')
    await expectNoLateInsert(
      storeOn(opened.pool, tables.schema),
      async () => {
        const over = other.pool.unsafe('select pg_sleep(1)').execute()
        const running = "select 1 from pg_stat_activity where query = 'select pg_sleep(1)' and state = 'active'"
        await until(async () => (await tables.ask(running)).length > 0)
        return [over]
      },
      () => opened.pool.unsafe('select 1'),
    )
  })

  /** Something waits for two rows or locks, and gets the first one shortly before its caller gives up. */
  async function giveUpBetween(
    tables: TestTables,
    locks: readonly [first: string, second: string],
    work: () => Promise<unknown>,
  ): Promise<void> {
    let refusal: Promise<unknown> = Promise.resolve()
    await tables.during(locks[1], async () => {
      await tables.during(locks[0], async () => {
        refusal = work().catch((error: unknown) => error)
        await until(() => isWaiting(tables))
        await wait(0.7 * DEADLINE_MS)
      })
      expect(await refusal).toMatchObject(UNAVAILABLE)
    })
    await until(async () => !(await isWaiting(tables)))
  }

  it('if it waited for one lock after another', async () => {
    await using tables = await makeTables(server.url)
    const store = storeOn(tables.pool, tables.schema)
    const [one, two] = ['one', 'two'].map((id) => sampleRecord({ id, expiresAt: NOW + 1 }))
    if (one === undefined || two === undefined) throw new Error('there are two')
    for (const record of [one, two]) await storeOn(tables.pool, tables.schema, 30_000).insert(record, FREELY)
    const rowOf = (id: string) => `select 1 from {tokens} where id = '${id}' for update`
    const rows = [rowOf('one'), rowOf('two')] as const
    await giveUpBetween(tables, [rowOf('one'), FEED_LOCK], () => store.suspend(one.owner, one.id, changeAt(NOW)))
    await giveUpBetween(tables, rows, () => store.revokeAll(one.owner, everyAt(NOW)))
    await giveUpBetween(tables, rows, () => store.prune(retentionAt(NOW + 2)))
    const records = () => Promise.all([one, two].map(({ owner, id }) => store.find(owner, id)))
    await expect.poll(() => records().catch(String), { timeout: 20_000 }).toEqual([one, two])
  })

  it('and none at all if the end of its time is not known', async () => {
    await using tables = await makeTables(server.url)
    await expect(tables.ask('select {until_v1}(null)')).rejects.toMatchObject({ code: '57014' })
  })

  it('and is given up in time, also if it could not be done at once', async () => {
    await using tables = await makeTables(server.url)
    const deadlineMs = 1_000
    const [patient, store] = [30_000, deadlineMs].map((ms) => storeOn(tables.pool, tables.schema, ms))
    if (patient === undefined || store === undefined) throw new Error('there are two')
    const [token, ...others] = ['acme', 'b', 'c', 'd'].map((owner) => sampleRecord({ owner }))
    for (const record of [token, ...others]) if (record !== undefined) await patient.insert(record, FREELY)
    let changing: Promise<unknown> = Promise.resolve()
    await tables.during(FEED_LOCK, async () => {
      changing = Promise.all(others.map(({ owner, id }) => patient.suspend(owner, id, changeAt(NOW))))
      const startedAt = performance.now()
      let refusal: Promise<unknown> = Promise.resolve()
      await tables.during(OWNER_LOCK, async () => {
        refusal = store.insert(sampleRecord(), { ...FREELY, activeLimit: 1 }).catch((error: unknown) => error)
        await wait(0.7 * deadlineMs)
      })
      expect(await refusal).toMatchObject(UNAVAILABLE)
      expect(performance.now() - startedAt).toBeLessThan(1.5 * deadlineMs)
    })
    await changing
  })
})

// A PGlite takes its time to start.
describe.each(triesAll ? ['PGlite'] : [])('a change that was given up on %s', () => {
  it(
    'takes no effect any more behind a transaction of the app',
    async () => {
      const database = await PGlite.create()
      await migrate(database)
      await expectNoLateInsert(
        storeOn(database, 'tessera'),
        async () => [database.transaction(() => wait(2 * DEADLINE_MS))],
        () => database.query('select 1'),
      )
      await database.close()
    },
    SLOWEST_START_MS,
  )
})
