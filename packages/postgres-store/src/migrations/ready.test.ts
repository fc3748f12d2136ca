import { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres, startWithStandby } from '../../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../../test/postgres/index.ts'
import { openPg } from '../../testing/drivers.ts'
import { postgresStore } from '../postgres-store.ts'
import { migrate } from './migrate.ts'
import { grantSql } from './grant-sql.ts'

const REPAIR = /run "([^"]*(?:"[a-z]+"[^"]*)*)"/
const BROKEN = [
  ['the schema is kept from the role', 'revoke usage on schema tessera from app', 'may not use the schema'],
  ['a privilege is missing', 'revoke delete, insert on tessera.changes from app', 'may not insert, delete on changes'],
  ['the layout is hidden', 'revoke select on tessera.migrations from app', 'may not select on migrations'],
  [
    'the functions are kept from the role',
    'revoke execute on all functions in schema tessera from app, public',
    'may not call the functions',
  ],
  [
    'rows are hidden',
    'alter table tessera.tokens enable row level security',
    'row-level security hides rows of tokens',
  ],
  ['a crash empties a table', 'alter table tessera.totals set unlogged', 'a crash empties the table totals'],
  [
    'transactions are read-only',
    'alter role app set default_transaction_read_only = on',
    'transactions of the role are read-only',
  ],
  [
    'transactions have another isolation',
    "alter role app set default_transaction_isolation = 'repeatable read'",
    'the isolation of transactions is repeatable read',
  ],
  ['the server does not wait for its disk', 'alter system set fsync = off; select pg_reload_conf()', 'fsync is off'],
] as const
const UNMADE = [
  ['there is no schema', 'drop schema tessera cascade', 'there is no schema tessera: run migrate(pool, { schema: '],
  ['the schema is another one', 'drop table tessera.migrations', 'no table of migrations: run migrate(pool, {'],
  [
    'the layout is an older one',
    'delete from tessera.migrations',
    "the tables have layout 0, this version needs 2: run migrate(pool, { schema: 'tessera' }) as the owner, or the SQL of migrationSql({ schema: 'tessera', from: 0 })",
  ],
  [
    'the layout is a newer one that does without this version',
    'insert into tessera.migrations (layout) values (3); drop function tessera.announce_v1',
    'the tables have layout 3, and this version knows layout 2: upgrade @tessera/postgres-store',
  ],
  [
    'a table and a function are missing',
    'drop table tessera.facts; drop function tessera.announce_v1',
    "lacks facts, announce_v1: restore it from migrationSql({ schema: 'tessera' })",
  ],
] as const

describe.skipIf(!hasPostgres)('ready', () => {
  let server: PostgresServer
  let owner: Pool

  beforeAll(async () => {
    server = await startPostgres()
    owner = new Pool({ connectionString: server.url })
    await owner.query('create role app login')
  })

  afterAll(async () => {
    await owner.end()
    await server.stop()
  })

  beforeEach(async () => {
    await owner.query('drop schema if exists tessera cascade')
    await migrate(owner)
    await owner.query(grantSql({ role: 'app' }))
  })

  /** Each by itself: some may not be in a transaction with others. */
  async function run(statements: string): Promise<void> {
    for (const statement of statements.split(';')) await owner.query(statement)
  }

  /** Of a new connection, as an app that starts. */
  async function ready(url = server.url.replace('postgres@', 'app@')): Promise<void> {
    await using opened = openPg(url)
    await postgresStore(opened.pool, { deadlineMs: 20_000 }).ready()
  }

  const refusal = () =>
    ready().then(
      () => 'ready',
      (error: Error) => error.message,
    )

  it('is content with what migrate makes and grantSql grants', async () => {
    await expect(ready()).resolves.toBeUndefined()
  })

  it.each(BROKEN)('names the statement that repairs it if %s', async (_, breaking, why) => {
    await run(breaking)
    const message = await refusal()
    expect(message).toContain(`the token store failed to check the database: postgresStore: `)
    expect(message).toContain(why)
    await run(REPAIR.exec(message)?.[1] ?? '')
    await expect.poll(refusal).toBe('ready')
  })

  it.each(UNMADE)('names the way to mend it if %s', async (_, breaking, why) => {
    await run(breaking)
    expect(await refusal()).toContain(why)
  })

  it('is content with a newer layout that still has what this version calls', async () => {
    await run('insert into tessera.migrations (layout) values (3)')
    expect(await refusal()).toBe('ready')
  })

  it('passes over fsync for tests', async () => {
    await run('alter system set fsync = off; select pg_reload_conf()')
    await expect.poll(refusal).toContain('fsync is off')
    await using opened = openPg(server.url)
    await expect(postgresStore(opened.pool).ready({ durable: false })).resolves.toBeUndefined()
    await expect(postgresStore(opened.pool).ready({ fast: true } as never)).rejects.toThrow(
      'ready: unknown option "fast"',
    )
    await run('alter system reset fsync; select pg_reload_conf()')
    await expect.poll(refusal).toBe('ready')
  })

  it('refuses a standby', async () => {
    await using servers = await startWithStandby()
    await using primary = openPg(servers.primary.url)
    await migrate(primary.pool)
    await servers.caughtUp()
    await expect(ready(servers.primary.url)).resolves.toBeUndefined()
    await expect(ready(servers.standby.url)).rejects.toThrow('the server is a standby, which lags behind revocations')
  })
})
