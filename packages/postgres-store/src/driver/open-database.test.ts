import { PGlite } from '@electric-sql/pglite'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../../test/postgres/index.ts'
import { DRIVERS } from '../../testing/drivers.ts'
import type { OpenPool } from '../../testing/drivers.ts'
import type { Database, Query } from './database.ts'
import { openDatabase } from './open-database.ts'
import { statement } from './statement.ts'
import type { PostgresPool } from './which-driver.ts'

const MODES = ['auto', true, false] as const
const DEADLINE_MS = 20_000
/** Of a PGlite on a loaded machine. */
const SLOWEST_START_MS = 120_000
const EVERY_TYPE = statement(
  "select concat_ws('|', $1::text, $2::bigint + $3::int, array_to_string($4::text[], '|', 'null'), coalesce($5::text, 'null'))",
)
const ROWS = statement("select x.t from (values ('b'), (null), ('')) x(t) order by x.t desc nulls last")
const AWKWARD = ['{}', '"', '\\', ',', ' a ', 'null', 'é🦊', '']

function databaseOf(pool: PostgresPool, preparedStatements: 'auto' | boolean = 'auto'): Database {
  return openDatabase(pool, { deadlineMs: DEADLINE_MS, preparedStatements })
}

const trying = (database: Database, work: (query: Query) => Promise<unknown>) => database.operate('try', work)

/** What every driver does alike. */
function testDriver(open: () => Promise<OpenPool> | OpenPool): void {
  let opened: OpenPool

  beforeAll(async () => {
    opened = await open()
  }, SLOWEST_START_MS)

  afterAll(() => opened[Symbol.asyncDispose]())

  it.each(MODES)(
    'writes and reads text as it is, whatever the app parses and serializes (prepared: %s)',
    async (mode) => {
      const database = databaseOf(opened.pool, mode)
      for (let round = 0; round < 3; round += 1) {
        const values = ['a\'"\\', 2 ** 53 - 1, -5, AWKWARD, null]
        const answer = `a'"\\|${2 ** 53 - 6}|${AWKWARD.join('|')}|null`
        expect(await trying(database, (query) => query(EVERY_TYPE, values))).toEqual([answer])
      }
      expect(await trying(database, (query) => query(ROWS, []))).toEqual(['b', '', null])
    },
  )

  it('rejects with a StoreError whose causes hold neither rows nor parameters', async () => {
    const database = databaseOf(opened.pool)
    const table = statement('create table if not exists secrets (digest text unique check (digest > $$a$$))')
    await trying(database, (query) => query(table, []))
    const insert = statement('insert into secrets (digest) values ($1::text), ($1::text)')
    const check = statement("insert into secrets (digest) values ('0' || $1::text)")
    const cast = statement('select ($1::text::bigint)::text')
    for (const [each, code] of [
      [insert, '23505'],
      [check, '23514'],
      [cast, '22P02'],
    ] as const) {
      const failure: unknown = await trying(database, (query) => query(each, ['kH2c-digest'])).catch(
        (error: unknown) => error,
      )
      expect(failure).toMatchObject({ name: 'StoreError', code: 'store_unavailable', cause: { code } })
      expect(inspect(failure, { showHidden: true, depth: 9 })).not.toContain('kH2c')
    }
    expect(await trying(database, (query) => query(EVERY_TYPE, ['a', 1, 1, [], null]))).toEqual(['a|2||null'])
  })
}

describe.skipIf(!hasPostgres)('openDatabase on PostgreSQL', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres()
  })

  afterAll(() => server.stop())

  describe.each(DRIVERS)('with %s', (_, open) => {
    testDriver(() => open(server.url))
  })
})

describe('openDatabase on PGlite', () => {
  testDriver(async () => {
    const spoilt = (value: unknown) => `spoilt ${String(value)}`
    const types = [20, 23, 25, 1009].map((type) => [type, spoilt])
    const pool = await PGlite.create({ parsers: Object.fromEntries(types), serializers: Object.fromEntries(types) })
    return { pool, [Symbol.asyncDispose]: () => pool.close() }
  })
})
