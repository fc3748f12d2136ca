import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../../test/postgres/index.ts'
import { DRIVERS, openPg, openPostgresJs } from '../../testing/drivers.ts'
import type { Database, Statement } from './database.ts'
import { openDatabase } from './open-database.ts'
import { statement } from './statement.ts'
import type { PostgresPool } from './which-driver.ts'

const ONE = statement("select '1'")
const SLOW = statement("select 'slow' from pg_sleep(60)")
const REFUSED = statement('select (1 / 0)::text')
const MARK = statement("insert into marks values ('mark') returning mark")
const ANY_MARK = statement("insert into marks values ($1::text) returning 'mark'")
const MARKS = statement('select count(*)::text from marks')
const PID = statement('select pg_backend_pid()::text')
const UNAVAILABLE = { name: 'StoreError', code: 'store_unavailable' }

const databaseOf = (pool: PostgresPool) => openDatabase(pool, { deadlineMs: 20_000, preparedStatements: 'auto' })
const ask = (database: Database, asked: Statement) => database.operate('ask', (query) => query(asked, []))

describe.skipIf(!hasPostgres)('connections', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres()
  })

  afterAll(() => server.stop())

  describe.each(DRIVERS)('of %s', (_, open) => {
    it('may be lost, idle or in use: a StoreError, the process goes on, and so does service', async () => {
      await using opened = open(server.url)
      const database = databaseOf(opened.pool)
      const idle = [ask(database, ONE), ask(database, ONE)]
      await Promise.all(idle)
      const cut = ask(database, SLOW).catch((error: unknown) => error)
      await ask(database, ONE)
      await server.kill()
      expect(await cut).toMatchObject(UNAVAILABLE)
      await expect(ask(database, ONE)).rejects.toMatchObject(UNAVAILABLE)
      await server.restart()
      await expect.poll(() => ask(database, ONE).catch(String), { timeout: 10_000 }).toEqual(['1'])
    })
  })

  it('of pg outlive a statement that the server refuses', async () => {
    await using opened = openPg(server.url, 1)
    const database = databaseOf(opened.pool)
    const before = await ask(database, PID)
    await expect(ask(database, REFUSED)).rejects.toMatchObject({ cause: { code: '22012' } })
    expect(await ask(database, PID)).toEqual(before)
  })

  describe('that were given back inside a transaction are closed, and nothing is done in one', () => {
    const BEGUN = [['begin'], ['begin', 'not sql'], ['begin isolation level repeatable read', 'select 1']]

    beforeEach(async () => {
      await using owner = openPg(server.url, 1)
      await owner.pool.query('drop table if exists marks; create table marks (mark text)')
    })

    async function expectMarks(count: number): Promise<void> {
      await using another = openPg(server.url, 1)
      expect(await ask(databaseOf(another.pool), MARKS)).toEqual([String(count)])
    }

    it('with pg', async () => {
      await using opened = openPg(server.url, 1)
      for (const statements of BEGUN) {
        const user = await opened.pool.connect()
        for (const each of statements) await user.query(each).catch(() => {})
        user.release()
        expect(await ask(databaseOf(opened.pool), MARK)).toEqual(['mark'])
      }
      await expectMarks(BEGUN.length)
    })

    it.each(['auto', false] as const)('with postgres.js (prepared: %s)', async (preparedStatements) => {
      await using opened = openPostgresJs(server.url, 1)
      const database = openDatabase(opened.pool, { deadlineMs: 20_000, preparedStatements })
      const marks = [['mark'], ['x'.repeat(100_000)]]
      await ask(database, ONE)
      for (const values of marks) {
        for (const statements of BEGUN) {
          const user = await opened.pool.reserve()
          for (const each of statements) await user.unsafe(each).catch(() => {})
          const marking = database.operate('mark', (query) => query(ANY_MARK, values))
          user.release()
          expect(await marking).toEqual(['mark'])
        }
      }
      await expectMarks(marks.length * BEGUN.length)
      expect(await ask(database, MARKS)).toEqual([String(marks.length * BEGUN.length)])
    })
  })

  it('of pg are listened to once for all stores of a pool', async () => {
    await using opened = openPg(server.url, 1)
    for (let store = 0; store < 20; store += 1) databaseOf(opened.pool)
    expect(opened.pool.listenerCount('error')).toBe(1)
  })
})
