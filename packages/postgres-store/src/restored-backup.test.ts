import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stepsOn } from '@tessera/store-conformance'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { postgresProgram } from '../../../test/postgres/programs.ts'
import { FREELY, sampleRecord } from '../../../test/support/sample-record.ts'
import { makeTables } from '../testing/test-tables.ts'
import type { TestTables } from '../testing/test-tables.ts'
import { postgresStore } from './postgres-store.ts'

const run = promisify(execFile)
const DATA = ['tokens', 'totals', 'requests', 'changes', 'facts']

/** A backup, and a way to bring it back while the server runs. */
type BackUp = (tables: TestTables, folder: string) => Promise<() => Promise<unknown>>

const program = async (name: string, ...args: readonly string[]) => void (await run(postgresProgram(name), args))

const dump: BackUp = async ({ url, schema }, folder) => {
  const file = join(folder, schema)
  await program('pg_dump', `--dbname=${url}`, '-n', schema, '-Fc', '-f', file)
  return () => program('pg_restore', `--dbname=${url}`, '--clean', file)
}

const truncate = (table: string) => `truncate {${table}}`

/** Only the rows, each table emptied before. */
const rows =
  (emptied: (table: string) => string, tables: readonly string[]): BackUp =>
  async ({ ask }) => {
    const all = (statement: (table: string) => string) =>
      ask(`do $do$ begin ${tables.map(statement).join('')} end $do$`)
    await all((table) => `create table {kept_${table}} as table {${table}};`)
    return () => all((table) => `${emptied(table)}; insert into {${table}} table {kept_${table}};`)
  }

const database: BackUp = async ({ url, pool }) => {
  const admin = new Pool({ connectionString: url.replace(/postgres$/, 'template1'), max: 1 })
  // Nobody may be connected to a database that is copied or renamed.
  const alone = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'postgres'"
  pool.on('error', () => {})
  await admin.query(alone)
  await admin.query('create database kept template postgres')
  return async () => {
    await admin.query(alone)
    await admin.query('drop database postgres with (force)')
    await admin.query('alter database kept rename to postgres')
    await admin.end()
  }
}

describe.skipIf(!hasPostgres)('a backup brought back while the server runs', () => {
  let server: PostgresServer
  let folder: string

  beforeAll(async () => {
    server = await startPostgres()
    folder = await mkdtemp(join(tmpdir(), 'tessera-backup-'))
  })

  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it.each<[string, BackUp]>([
    ['by pg_dump and pg_restore', dump],
    ['into truncated tables', rows(truncate, DATA)],
    ['into truncated tokens alone', rows(truncate, ['tokens'])],
    ['into tables whose rows were deleted', rows((table) => `delete from {${table}}`, DATA)],
    ['as a database that was copied', database],
  ])('empties the caches, %s: a token made since is gone, and no change announced that', async (_, backUp) => {
    await using tables = await makeTables(server.url)
    const store = stepsOn(postgresStore(tables.pool, { schema: tables.schema, deadlineMs: 20_000 }))
    const [kept, lost] = [sampleRecord(), sampleRecord()]
    await store.insert(kept, FREELY)
    const bringBack = await backUp(tables, folder)
    await expect
      .poll(() => store.insert(lost, FREELY).catch(String), { timeout: 20_000 })
      .toEqual({ outcome: 'inserted' })
    const revision = await store.feed.revision()
    await bringBack()
    await expect
      .poll(() => store.feed.changesSince(revision).catch(String), { timeout: 20_000 })
      .toMatchObject({ digests: 'reset' })
    expect(await store.find(kept.owner, kept.id)).toEqual(kept)
    expect(await store.find(lost.owner, lost.id)).toBeNull()
    await store.insert(lost, FREELY)
  })
})
