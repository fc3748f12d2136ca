import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { hasPgbouncer, hasPostgres, startPgbouncer, startPostgres } from '../../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../../test/postgres/index.ts'
import { DRIVERS, openPg } from '../../testing/drivers.ts'
import type { Database, Statement } from './database.ts'
import { openDatabase } from './open-database.ts'
import { statement } from './statement.ts'
import type { PostgresPool } from './which-driver.ts'

const ECHO = statement('select $1::text')
const OTHERS = Array.from({ length: 8 }, (_, number) => statement(`select $1::text as other_${number}`))
const NAMED = statement("select count(*)::text from pg_prepared_statements where name like 'tessera%'")
const WIDE = statement('select * from things')

function databaseOf(pool: PostgresPool, preparedStatements: 'auto' | boolean): Database {
  return openDatabase(pool, { deadlineMs: 20_000, preparedStatements })
}

const ask = (database: Database, asked: Statement, ...values: string[]) =>
  database.operate('ask', (query) => query(asked, values))

/** Asks for several statements over all connections at once, again and again. */
async function askMany(database: Database): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const statements = [ECHO, ...OTHERS, ...OTHERS]
    const answers = await Promise.all(statements.map((each) => ask(database, each, 'echo')))
    expect(answers).toEqual(statements.map(() => ['echo']))
  }
}

describe.skipIf(!hasPostgres)('prepared statements', () => {
  let server: PostgresServer
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  /** Of the store alone: other tests of the process may leave a warning for later. */
  const warnings = () => warn.mock.calls.map(String).filter((text) => text.startsWith('postgresStore: '))

  beforeAll(async () => {
    server = await startPostgres()
  })

  afterEach(() => warn.mockClear())

  afterAll(async () => {
    warn.mockRestore()
    await server.stop()
  })

  it.each([
    ['auto', '2'],
    [true, '2'],
    [false, '0'],
  ] as const)('are kept by a server for each connection of pg: %s', async (mode, kept) => {
    await using opened = openPg(server.url, 1)
    const database = databaseOf(opened.pool, mode)
    for (let round = 0; round < 3; round += 1) await ask(database, ECHO, 'echo')
    expect(await ask(database, NAMED)).toEqual([kept])
  })

  it('are prepared once more after the columns of a table were altered, and go on being prepared', async () => {
    await using opened = openPg(server.url, 1)
    const database = databaseOf(opened.pool, 'auto')
    await opened.pool.query("create table things as select 'thing'::text as name")
    expect(await ask(database, WIDE)).toEqual(['thing'])
    await opened.pool.query("alter table things add column later text default 'fact'")
    for (let round = 0; round < 3; round += 1) expect(await ask(database, WIDE)).toEqual(['thing'])
    expect(await ask(database, NAMED)).toEqual(['3'])
    expect(warnings()).toEqual([])
  })

  describe.skipIf(!hasPgbouncer).each(DRIVERS)('behind pgbouncer, with %s', (_, open) => {
    let sessions: Awaited<ReturnType<typeof startPgbouncer>>
    let transactions: typeof sessions

    beforeAll(async () => {
      sessions = await startPgbouncer(server, { mode: 'session' })
      transactions = await startPgbouncer(server, { mode: 'transaction', poolSize: 3 })
    })

    afterAll(() => Promise.all([sessions.stop(), transactions.stop()]))

    it('work in session mode', async () => {
      await using opened = open(sessions.url)
      await askMany(databaseOf(opened.pool, 'auto'))
      expect(warnings()).toEqual([])
    })

    it('are given up in transaction mode, with one warning for a pool and without an error', async () => {
      await using opened = open(transactions.url)
      await using another = open(transactions.url)
      const pools = [opened.pool, another.pool]
      const databases = [...pools, ...pools].map((pool) => databaseOf(pool, 'auto'))
      for (const _ of ['once', 'again']) await Promise.all(databases.map(askMany))
      expect(warnings().length).toBeGreaterThan(0)
      expect(warnings().length).toBeLessThanOrEqual(pools.length)
      expect(warnings()[0]).toContain('preparedStatements: false')
    })

    it('are not asked for in transaction mode if the app says so', async () => {
      await using opened = open(transactions.url)
      await using another = open(transactions.url)
      await Promise.all([opened, another].map(({ pool }) => askMany(databaseOf(pool, false))))
      expect(warnings()).toEqual([])
    })
  })

  it.skipIf(!hasPgbouncer)(
    'are an error behind pgbouncer in transaction mode, with pg, if the app insists',
    async () => {
      await using pooler = await startPgbouncer(server, { mode: 'transaction', poolSize: 3 })
      await using opened = openPg(pooler.url)
      await using another = openPg(pooler.url)
      const asking = Promise.all([opened, another].map(({ pool }) => askMany(databaseOf(pool, true))))
      await expect(asking).rejects.toMatchObject({ name: 'StoreError', code: 'store_unavailable' })
    },
  )
})
