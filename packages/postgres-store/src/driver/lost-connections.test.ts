import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../../test/postgres/index.ts'
import { DRIVERS, openPg } from '../../testing/drivers.ts'
import type { Database, Statement } from './database.ts'
import { openDatabase } from './open-database.ts'
import { statement } from './statement.ts'
import type { PostgresPool } from './which-driver.ts'

const ONE = statement("select '1'")
const SLOW = statement("select 'slow' from pg_sleep(60)")
const REFUSED = statement('select (1 / 0)::text')
const MARK = statement("insert into marks values ('mark') returning mark")
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

  it('of pg that were given back inside a transaction are closed, and no change is made in one', async () => {
    await using opened = openPg(server.url, 1)
    await opened.pool.query('create table marks (mark text)')
    for (const statements of [['begin'], ['begin', 'not sql']]) {
      const user = await opened.pool.connect()
      for (const each of statements) await user.query(each).catch(() => {})
      user.release()
      expect(await ask(databaseOf(opened.pool), MARK)).toEqual(['mark'])
    }
    await using another = openPg(server.url, 1)
    expect(await ask(databaseOf(another.pool), statement('select mark from marks'))).toEqual(['mark', 'mark'])
  })

  it('of pg are listened to once for all stores of a pool', async () => {
    await using opened = openPg(server.url, 1)
    for (let store = 0; store < 20; store += 1) databaseOf(opened.pool)
    expect(opened.pool.listenerCount('error')).toBe(1)
  })
})
