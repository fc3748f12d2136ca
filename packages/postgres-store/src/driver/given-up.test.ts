import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../../test/postgres/index.ts'
import { DRIVERS, openPg, openPostgresJs } from '../../testing/drivers.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open-database.ts'
import { statement } from './statement.ts'
import type { PostgresPool } from './which-driver.ts'

const DEADLINE_MS = 500
const CONNECTIONS = 4
const ONE = statement("select '1'")
/** So long that others take connections of their own. */
const BRIEF = statement("select '1' from pg_sleep(0.2)")
const LOCKED = statement("select 'locked' from pg_advisory_xact_lock(1)")
const KEPT = statement("select 'kept' from pg_advisory_lock(1)")
const FREED = statement('select pg_advisory_unlock(1)::text')
const MARK = statement('insert into marks values (1) returning mark::text')
const MARKS = statement('select count(*)::text from marks')
const MESSAGE = `no answer within ${DEADLINE_MS} ms`
const UNSENT = `${MESSAGE}: the pool gave no connection`
const late = (message: string) => ({ name: 'StoreError', code: 'store_unavailable', cause: { message } })

function impatient(pool: PostgresPool): Database {
  return openDatabase(pool, { deadlineMs: DEADLINE_MS, preparedStatements: 'auto' })
}

function block(ms: number): void {
  const endAt = performance.now() + ms
  while (performance.now() < endAt);
}

/** How long it takes to reject as too late. */
async function lateness(database: Database, asked = ONE, message?: string): Promise<number> {
  const startedAt = performance.now()
  const trying = database.operate('try', (query) => query(asked, []))
  await expect(trying).rejects.toMatchObject(late(message ?? (expect.stringContaining(MESSAGE) as string)))
  return performance.now() - startedAt
}

describe.skipIf(!hasPostgres)('an operation that is given up', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres()
    await using owner = openPg(server.url)
    await owner.pool.query('create table marks (mark int)')
  })

  afterAll(() => server.stop())

  describe.each(DRIVERS)('with %s', (_, open) => {
    it('is so in time while somebody else keeps a lock', async () => {
      await using keeper = open(server.url, 1)
      await using opened = open(server.url)
      const [owner, database] = [impatient(keeper.pool), impatient(opened.pool)]
      await owner.operate('lock', (query) => query(KEPT, []))
      const waiting = Array.from({ length: 3 }, () => lateness(database, LOCKED))
      for (const ms of await Promise.all(waiting)) expect(ms).toBeLessThan(4 * DEADLINE_MS)
      await owner.operate('unlock', (query) => query(FREED, []))
    })

    it('is so in time while the server hangs, and others go on when it does', async () => {
      await using opened = open(server.url, 2)
      const database = impatient(opened.pool)
      await database.operate('try', (query) => query(ONE, []))
      await server.freeze()
      const waiting = Array.from({ length: 5 }, () => lateness(database))
      for (const ms of await Promise.all(waiting)) expect(ms).toBeLessThan(4 * DEADLINE_MS)
      server.thaw()
      await expect.poll(() => database.operate('try', (query) => query(ONE, [])).catch(String)).toEqual(['1'])
    })

    it('loses no answer that came while the process was blocked', async () => {
      await using opened = open(server.url, CONNECTIONS)
      const database = impatient(opened.pool)
      const patient = openDatabase(opened.pool, { deadlineMs: 20_000, preparedStatements: 'auto' })
      await Promise.all(
        Array.from({ length: CONNECTIONS }, () => patient.operate('connect', (query) => query(BRIEF, []))),
      )
      const asked = Array.from({ length: CONNECTIONS }, () => database.operate('try', (query) => query(ONE, [])))
      for (const _ of ['passed on', 'sent']) await new Promise(setImmediate)
      block(1.5 * DEADLINE_MS)
      expect(await Promise.all(asked)).toEqual(asked.map(() => ['1']))
    })
  })

  it('is not sent later with pg, if all connections of the pool were in use', async () => {
    await using opened = openPg(server.url, 1)
    const database = impatient(opened.pool)
    const user = await opened.pool.connect()
    await lateness(database, MARK, UNSENT)
    user.release()
    expect(await database.operate('try', (query) => query(MARKS, []))).toEqual(['0'])
  })

  it('is not sent later with postgres.js, if all connections of the pool were in use', async () => {
    await using opened = openPostgresJs(server.url, 1)
    const database = impatient(opened.pool)
    await opened.pool.unsafe('select 1')
    const user = await opened.pool.reserve()
    await lateness(database, MARK, UNSENT)
    user.release()
    expect(await database.operate('try', (query) => query(MARKS, []))).toEqual(['0'])
  })

  it('sends no other statement of its own', async () => {
    await using keeper = openPg(server.url, 1)
    await using opened = openPg(server.url)
    const owner = impatient(keeper.pool)
    await owner.operate('lock', (query) => query(KEPT, []))
    let isEnded = Promise.resolve<unknown>(null)
    const marking = impatient(opened.pool).operate('mark', (query) => {
      const work = query(LOCKED, []).catch(() => query(MARK, []))
      isEnded = work.catch(() => null)
      return work
    })
    await expect(marking).rejects.toMatchObject(late(MESSAGE))
    await isEnded
    await owner.operate('unlock', (query) => query(FREED, []))
    expect(await owner.operate('count', (query) => query(MARKS, []))).toEqual(['0'])
  })

  it('leaves no connection to a server that hangs in a Pool of pg', async () => {
    await using opened = openPg(server.url, 2)
    const database = impatient(opened.pool)
    await Promise.all([1, 2].map(() => database.operate('try', (query) => query(ONE, []))))
    await server.freeze()
    await Promise.all([lateness(database), lateness(database)])
    expect(opened.pool.totalCount).toBe(0)
    server.thaw()
  })
})
