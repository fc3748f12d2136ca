import { setTimeout as wait } from 'node:timers/promises'
import { inspect } from 'node:util'
import { shardOf } from '@tessera/core'
import { stepsOn } from '@tessera/store-conformance'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { changeAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { startProxy, until } from '../../../test/support/servers/index.ts'
import { makeTables } from '../testing/test-tables.ts'
import type { TestTables } from '../testing/test-tables.ts'
import type { PostgresPool } from './driver/which-driver.ts'
import { postgresStore } from './postgres-store.ts'

const FEED_LOCK = "select pg_advisory_xact_lock('{changes}'::regclass::oid::int, 0)"
const OWNER_LOCK = "select pg_advisory_xact_lock('{tokens}'::regclass::oid::int, hashtext('acme'))"

const storeOn = ({ schema }: TestTables, pool: PostgresPool, deadlineMs = 20_000) =>
  stepsOn(postgresStore(pool, { schema, deadlineMs }))

describe.skipIf(!hasPostgres)('a store on PostgreSQL', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres()
  })

  afterAll(() => server.stop())

  it('verifies and counts while 300 changes wait for a lock, and these hold three connections', async () => {
    await using tables = await makeTables(server.url)
    const store = storeOn(tables, tables.pool)
    const records = Array.from({ length: 300 }, (_, number) => sampleRecord({ owner: `owner-${number}` }))
    await Promise.all(records.map((record) => store.insert(record, FREELY)))
    let changing: Promise<unknown> = Promise.resolve()
    await tables.during(FEED_LOCK, async () => {
      changing = Promise.all(records.map(({ owner, id }) => store.suspend(owner, id, changeAt(NOW))))
      await tables.overOrWaiting(changing)
      const found = await Promise.all(records.map(({ digest, owner }) => store.findByDigest([digest], shardOf(owner))))
      expect(found).toEqual(records)
      expect(await store.countActive('owner-0', NOW)).toBe(1)
      expect(tables.pool.totalCount - tables.pool.idleCount).toBe(3)
    })
    await changing
    expect(await tables.ask("select count(*)::int from {tokens} where record->>'suspendedAt' is not null")).toEqual([
      300,
    ])
  })

  /** Eight processes insert the first token of an owner, all before one of them could go on. */
  async function insertAtOnce(
    tables: TestTables,
    isolation: string,
  ): Promise<readonly PromiseSettledResult<unknown>[]> {
    const options = `-c default_transaction_isolation=${isolation.replace(' ', String.raw`\ `)}`
    const pools = Array.from({ length: 8 }, () => new Pool({ connectionString: server.url, options, max: 1 }))
    let inserting: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([])
    await tables.during(OWNER_LOCK, async () => {
      let over = 0
      const insert = (pool: Pool) =>
        storeOn(tables, pool)
          .insert(sampleRecord(), { ...FREELY, activeLimit: 1 })
          .finally(() => (over += 1))
      inserting = Promise.allSettled(pools.map(insert))
      await until(async () => over === 8 || (await tables.ask('select 1 from pg_locks where not granted')).length === 8)
    })
    const outcomes = await inserting
    await Promise.all(pools.map((pool) => pool.end()))
    return outcomes
  }

  const countIn = ({ ask }: TestTables) => ask('select count(*)::int from {tokens}')

  it('holds the limit of active tokens, and refuses any isolation under which it would not', async () => {
    await using tables = await makeTables(server.url)
    const refused = await insertAtOnce(tables, 'repeatable read')
    expect(refused.map((outcome) => 'reason' in outcome && String(outcome.reason))).toEqual(
      Array.from({ length: 8 }, () => expect.stringContaining('is repeatable read, and must be read committed')),
    )
    expect(await countIn(tables)).toEqual([0])
    await insertAtOnce(tables, 'read committed')
    expect(await countIn(tables)).toEqual([1])
  })

  it('holds up nobody by a process that is paused between two statements, or before it hears of the second', async () => {
    await using tables = await makeTables(server.url)
    await using proxy = await startProxy(server.port)
    const pausing = new Pool({ connectionString: server.url.replace(String(server.port), String(proxy.port)), max: 1 })
    const [paused, other] = [storeOn(tables, pausing), storeOn(tables, tables.pool)]
    const record = sampleRecord()
    const { owner, id } = record
    await paused.insert(record, FREELY)

    proxy.hold()
    const suspending = paused.suspend(owner, id, changeAt(NOW + 1))
    await until(async () => proxy.waiting() === 1)
    await other.suspend(owner, id, changeAt(NOW + 2))
    // What it was shown has changed: it is shown again, and finds nothing left to do.
    proxy.release()
    expect(await suspending).toMatchObject({ record: { suspendedAt: NOW + 2 } })

    proxy.hold()
    const resuming = paused.resume(owner, id, changeAt(NOW + 3))
    await until(async () => proxy.waiting() === 1)
    proxy.letThrough(1)
    await until(async () => (await other.find(owner, id))?.suspendedAt === null)
    expect(await other.suspend(owner, id, changeAt(NOW + 4))).toMatchObject({ record: { suspendedAt: NOW + 4 } })
    proxy.release()
    expect(await resuming).toMatchObject({ record: { suspendedAt: null } })
    await pausing.end()
  })

  it('uses nothing of the search path of the app', async () => {
    await using tables = await makeTables(server.url)
    const names = ['tokens', 'totals', 'requests', 'changes', 'facts']
    await tables.ask(
      `do $$ begin create schema other; ${names.map((name) => `create table other.${name} ();`).join('')} end $$`,
    )
    const pool = new Pool({ connectionString: server.url, options: '-c search_path=other' })
    const store = storeOn(tables, pool)
    const record = sampleRecord()
    await store.insert(record, { ...FREELY, activeLimit: 1 })
    await store.suspend(record.owner, record.id, changeAt(NOW))
    await store.recordUse([{ owner: record.owner, id: record.id, at: NOW }])
    expect(await store.find(record.owner, record.id)).toMatchObject({ suspendedAt: NOW, lastUsedAt: NOW })
    await pool.end()
  })

  it('ends within the deadline while somebody keeps a row, or the feed', async () => {
    await using tables = await makeTables(server.url)
    const store = storeOn(tables, tables.pool, 200)
    const record = sampleRecord()
    await storeOn(tables, tables.pool).insert(record, FREELY)
    for (const statement of ['select 1 from {tokens} for update', FEED_LOCK]) {
      await tables.during(statement, async () => {
        const changing = store.suspend(record.owner, record.id, changeAt(NOW))
        await expect(changing).rejects.toMatchObject({ name: 'StoreError', code: 'store_unavailable' })
        // The statement itself ends, too.
        await until(async () => (await tables.ask('select 1 from pg_locks where not granted')).length === 0)
      })
      expect(await storeOn(tables, tables.pool).find(record.owner, record.id)).toEqual(record)
    }
  })

  it('makes no change that was given up after it had waited for a connection', async () => {
    await using tables = await makeTables(server.url)
    const pool = new Pool({ connectionString: server.url, max: 1 })
    const store = storeOn(tables, pool, 500)
    const [record, later] = [sampleRecord(), sampleRecord()]
    await storeOn(tables, pool).insert(record, FREELY)
    const changes = [
      [FEED_LOCK, () => store.suspend(record.owner, record.id, changeAt(NOW))],
      [OWNER_LOCK, () => store.insert(later, { ...FREELY, activeLimit: 9 })],
    ] as const
    for (const [lock, change] of changes) {
      const taken = await pool.connect()
      await tables.during(lock, async () => {
        const refusal = change().catch((error: unknown) => error)
        await wait(300)
        taken.release()
        expect(await refusal).toMatchObject({ name: 'StoreError', code: 'store_unavailable' })
      })
      await until(async () => (await tables.ask('select 1 from pg_locks where not granted')).length === 0)
    }
    expect(await storeOn(tables, pool).find(record.owner, record.id)).toEqual(record)
    expect(await storeOn(tables, pool).find(later.owner, later.id)).toBeNull()
    await pool.end()
  })

  it('puts no digest, name or owner into an error', async () => {
    await using tables = await makeTables(server.url)
    const store = storeOn(tables, tables.pool, 200)
    const [first, second] = [sampleRecord({ name: 'of-the-test' }), sampleRecord({ name: 'of-the-test' })]
    for (const record of [first, second]) await storeOn(tables, tables.pool).insert(record, FREELY)
    const same = { ...sampleRecord({ name: 'of-the-test' }), digest: first.digest }
    const errors = [
      await store.insert(same, FREELY).catch((error: unknown) => error),
      await store.rekey(second.owner, second.id, first.digest).catch((error: unknown) => error),
    ]
    await tables.during('select 1 from {tokens} for update', async () => {
      errors.push(await store.suspend(first.owner, first.id, changeAt(NOW)).catch((error: unknown) => error))
    })
    for (const error of errors) {
      expect(error).toMatchObject({ name: 'StoreError' })
      const text = inspect(error, { depth: 20, showHidden: true })
      for (const secret of [first.digest, second.digest, 'of-the-test', 'acme']) expect(text).not.toContain(secret)
    }
  })
})
