import { inspect } from 'node:util'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { openPg } from '../testing/drivers.ts'
import { callEveryVerb } from '../testing/every-verb.ts'
import { migrate } from './migrations/migrate.ts'
import { grantSql } from './migrations/grant-sql.ts'
import { PRIVILEGES } from './migrations/layout.ts'
import { postgresStore } from './postgres-store.ts'

const FORBIDDEN = [
  'create table tessera.another (x int)',
  'create schema another',
  'create function tessera.another() returns int language sql as $$select 1$$',
  'alter table tessera.tokens add another text',
  'drop table tessera.tokens',
  'drop function tessera.announce_v1',
  'truncate tessera.tokens',
  'update tessera.migrations set layout = 2',
  'insert into tessera.migrations (layout) values (3)',
  "update tessera.changes set digest = 'another'",
  'delete from tessera.totals',
  'delete from tessera.facts',
  'select * from tessera.readable_tokens',
  'create index another on tessera.tokens (id)',
  'create trigger another before insert on tessera.tokens execute function suppress_redundant_updates_trigger()',
  'alter table tessera.tokens disable trigger all',
]
const GRANTED = [...PRIVILEGES].flatMap(([table, privileges]) =>
  privileges.map((privilege) => [privilege, table] as const),
)

describe.skipIf(!hasPostgres)('a role with the grants of grantSql', () => {
  let server: PostgresServer
  let owner: Pool
  let appUrl: string

  beforeAll(async () => {
    server = await startPostgres()
    owner = new Pool({ connectionString: server.url })
    appUrl = server.url.replace('postgres@', 'an%20%22app%22@')
    await owner.query('create role "an ""app""" login')
    await migrate(owner)
    await owner.query('revoke all on all functions in schema tessera from public')
    await owner.query(grantSql({ role: 'an "app"' }))
  })

  afterAll(async () => {
    await owner.end()
    await server.stop()
  })

  it('may do what every verb needs', async () => {
    await using opened = openPg(appUrl)
    const store = postgresStore(opened.pool, { deadlineMs: 20_000 })
    await store.ready()
    await expect(callEveryVerb(store, 'acme')).resolves.toBeUndefined()
  })

  it.each(FORBIDDEN)('may not %s', async (statement) => {
    await using opened = openPg(appUrl)
    await expect(opened.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
  })

  it.each(GRANTED)('needs %s on %s', async (privilege, table) => {
    await owner.query(`revoke ${privilege} on tessera.${table} from "an ""app"""`)
    await using opened = openPg(appUrl)
    const store = postgresStore(opened.pool, { deadlineMs: 20_000 })
    const using = store.ready().then(() => callEveryVerb(store, `${privilege} ${table}`))
    await expect(using).rejects.toMatchObject({ name: 'StoreError' })
    if (table !== 'migrations') {
      // Closing fails as well, if a use cannot be recorded.
      const failure: unknown = await callEveryVerb(store, `${privilege} ${table}`).catch((error: unknown) => error)
      expect(inspect(failure, { showHidden: true })).toContain('ask ready() for the grant')
    }
    await owner.query(grantSql({ role: 'an "app"' }))
  })
})
