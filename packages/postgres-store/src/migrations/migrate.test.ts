import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../../test/postgres/index.ts'
import { DRIVERS, openPg } from '../../testing/drivers.ts'
import type { OpenPool } from '../../testing/drivers.ts'
import { driverOf } from '../driver/which-driver.ts'
import { migrate, runScripts } from './migrate.ts'
import { migrationSql } from './migration-sql.ts'
import { scripts } from './scripts.ts'

const PROCESSES = 6
const OBJECTS = `
select string_agg(kind || ' ' || name, ', ' order by kind, name) as names from (
  select 'relation' as kind, relname as name from pg_class where relnamespace = to_regnamespace($1)
  union all select 'function', proname from pg_proc where pronamespace = to_regnamespace($1)
) objects`

const OWN = scripts.map((_, index) => index + 1).join(' ')
const LATER = scripts.length + 1

describe.skipIf(!hasPostgres)('migrate', () => {
  let server: PostgresServer
  let owner: Pool

  beforeAll(async () => {
    server = await startPostgres()
    owner = new Pool({ connectionString: server.url })
  })

  afterAll(async () => {
    await owner.end()
    await server.stop()
  })

  async function first(text: string, ...values: string[]): Promise<unknown> {
    const { rows } = await owner.query<unknown[]>({ text, values, rowMode: 'array' })
    return rows[0]?.[0]
  }

  const layouts = (schema: string) =>
    first(`select string_agg(layout::text, ' ' order by layout) from "${schema}".migrations`)

  it.each(DRIVERS)('makes tables and functions with %s, once for any number of processes', async (name, open) => {
    const schema = name === 'pg' ? 'tessera' : 'user'
    const pools: OpenPool[] = Array.from({ length: PROCESSES }, () => open(server.url, 1))
    try {
      await Promise.all(pools.map(({ pool }) => migrate(pool, { schema })))
      await Promise.all(pools.map(({ pool }) => migrate(pool, { schema })))
    } finally {
      await Promise.all(pools.map((opened) => opened[Symbol.asyncDispose]()))
    }
    expect(await layouts(schema)).toBe(OWN)
    expect(await first(OBJECTS, `"${schema}"`)).toContain('function write_change_v1, ')
  })

  it.each(['repeatable read', 'serializable'])('waits for other processes under a default of %s', async (isolation) => {
    const schema = isolation.replace(' ', '_')
    const options = `-c default_transaction_isolation=${isolation.replace(' ', String.raw`\ `)}`
    const pools = Array.from({ length: PROCESSES }, () => new Pool({ connectionString: server.url, options, max: 1 }))
    const other = await owner.connect()
    try {
      await other.query(`begin; select pg_advisory_xact_lock(hashtext('tessera migrations'), hashtext('${schema}'))`)
      const migrating = Promise.all(pools.map((pool) => migrate(pool, { schema })))
      const waits = "select count(*)::int from pg_locks where not granted and locktype = 'advisory'"
      await expect.poll(() => first(waits), { timeout: 10_000 }).toBe(PROCESSES)
      await other.query('commit')
      await migrating
    } finally {
      other.release()
      await Promise.all(pools.map((pool) => pool.end()))
    }
    expect(await layouts(schema)).toBe(OWN)
  })

  it('makes the same as the SQL that a team runs by itself, in a schema that is there already', async () => {
    await owner.query('create schema team')
    await owner.query(migrationSql({ schema: 'team' }))
    await migrate(owner, { schema: 'made' })
    expect(await first(OBJECTS, 'team')).toBe(await first(OBJECTS, 'made'))
    await migrate(owner, { schema: 'team' })
  })

  it('runs the later scripts alone, and all of them or none', async () => {
    const driver = driverOf('migrate', owner)
    await migrate(owner, { schema: 'later' })
    const added = `alter table tessera.tokens add later text; insert into tessera.migrations (layout) values (${LATER});`
    const failing = runScripts(driver, 'later', [...scripts, added, 'alter table tessera.tokens add later text'])
    await expect(failing).rejects.toThrow('migrate: column "later" of relation "tokens" already exists')
    expect(await layouts('later')).toBe(OWN)
    await runScripts(driver, 'later', [...scripts, added])
    await runScripts(driver, 'later', [...scripts, added])
    expect(await layouts('later')).toBe(`${OWN} ${LATER}`)
  })

  it('waits for a table that somebody uses without holding up everybody else', async () => {
    await migrate(owner, { schema: 'used' })
    const user = await owner.connect()
    await user.query('begin; select * from used.tokens')
    const added = `alter table tessera.tokens add later text; insert into tessera.migrations (layout) values (${LATER});`
    const migrating = runScripts(driverOf('migrate', owner), 'used', [...scripts, added])
    const waits = "select count(*)::int from pg_locks where not granted and relation = 'used.tokens'::regclass"
    await expect.poll(() => first(waits), { timeout: 10_000 }).toBe(1)
    expect(await first('select count(*)::int from used.tokens')).toBe(0)
    await user.query('commit')
    user.release()
    await migrating
    expect(await layouts('used')).toBe(`${OWN} ${LATER}`)
  })

  it('leaves a schema alone that is of a later layout', async () => {
    await migrate(owner, { schema: 'newer' })
    await owner.query('insert into newer.migrations (layout) values (9)')
    const before = await first(OBJECTS, 'newer')
    await migrate(owner, { schema: 'newer' })
    expect(await first(OBJECTS, 'newer')).toBe(before)
  })

  it('says what a role lacks that may not create', async () => {
    await owner.query('create role guest login')
    await using guest = openPg(server.url.replace('postgres@', 'guest@'))
    await expect(migrate(guest.pool)).rejects.toThrow('migrate: permission denied for schema')
    await expect(migrate(guest.pool, { schema: 'guests' })).rejects.toThrow('migrate: permission denied for database')
  })

  it('is a TypeError for something else than a pool, and for a wrong option', async () => {
    await expect(migrate(server.url as never)).rejects.toThrow('migrate: pool must be a Pool of pg')
    await expect(migrate(owner, { schema: 'a"b' })).rejects.toThrow(
      'migrate: option "schema" must be a lower-case letter',
    )
    await expect(migrate(owner, { role: 'app' } as never)).rejects.toThrow('migrate: unknown option "role"')
  })
})

describe('migrationSql', () => {
  it('answers the scripts after a layout, in a schema', () => {
    const all = migrationSql()
    expect(all).toContain('create table "tessera".tokens (')
    expect(migrationSql({ schema: 'app' })).toBe(all.replaceAll('"tessera"', '"app"'))
    expect(migrationSql({ from: scripts.length })).toBe('')
  })

  it('is a TypeError for a wrong option', () => {
    expect(() => migrationSql({ schema: 'A' })).toThrow('migrationSql: option "schema" must be a lower-case letter')
    expect(() => migrationSql({ from: 99 })).toThrow('migrationSql: option "from" must be a whole number')
    expect(() => migrationSql({ to: 1 } as never)).toThrow('migrationSql: unknown option "to"')
  })
})
