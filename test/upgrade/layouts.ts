import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TokenStore } from '@tessera/core'
import { migrate, migrationSql, postgresStore } from '@tessera/postgres-store'
import { redisStore } from '@tessera/redis-store'
import { sqliteStore } from '@tessera/sqlite-store'
import { Redis } from 'ioredis'
import Database from 'libsql'
import { Pool } from 'pg'
import { startPostgres } from '../postgres/index.ts'
import { startRedis } from '../redis/index.ts'

/** A store whose data can be kept as text, and put back into another one. */
export interface Layout extends AsyncDisposable {
  readonly store: TokenStore
  /** Rejects if this release cannot use it. Left out in memory, where SQLite is never ready. */
  readonly ready?: () => Promise<void>
  /** Everything in it, in the layout of this release. */
  keep(): Promise<string>
}

/** @param kept What `keep` gave, in a release before. Left out, a new store. */
export async function openRedis(kept?: string): Promise<Layout> {
  const server = await startRedis()
  const client = new Redis({ port: server.port })
  for (const [key, dump] of Object.entries<string>(JSON.parse(kept ?? '{}'))) {
    await client.restore(Buffer.from(key, 'latin1'), 0, Buffer.from(dump, 'base64'))
  }
  const store = redisStore(client, { deadlineMs: 20_000 })
  return {
    store,
    ready: () => store.ready(),
    async keep() {
      // The names of keys hold bytes that are no text.
      const dumps: [string, string][] = []
      for (const key of await client.keysBuffer('*')) {
        dumps.push([key.toString('latin1'), (await client.dumpBuffer(key)).toString('base64')])
      }
      dumps.sort(([a], [b]) => (a < b ? -1 : 1))
      return `${JSON.stringify(Object.fromEntries(dumps), null, 2)}\n`
    },
    async [Symbol.asyncDispose]() {
      client.disconnect()
      await server.stop()
    },
  }
}

export async function openSqlite(kept?: string): Promise<Layout> {
  const database = new Database(':memory:')
  if (kept !== undefined) database.exec(kept)
  return {
    store: sqliteStore(database),
    keep: async () => {
      const parts = database.prepare('select name, type, sql from sqlite_master where sql is not null').all() as Part[]
      const tables = parts.filter(({ type }) => type === 'table').map(({ name }) => name)
      const rows = tables.flatMap((table) =>
        insertsOf(table, database.prepare(`select * from "${table}"`).all() as Row[]),
      )
      return `${[...parts.map(({ sql }) => `${sql};`), ...rows].join('\n')}\n`
    },
    [Symbol.asyncDispose]: async () => void database.close(),
  }
}

type Row = Readonly<Record<string, unknown>>
type Part = Readonly<Record<'name' | 'type' | 'sql', string>>

function insertsOf(table: string, rows: readonly Row[]): string[] {
  return rows.map((row) => {
    const facts = Object.entries(row).filter(([name]) => name !== '_metadata')
    const values = facts.map(([, value]) =>
      typeof value === 'number' || value === null ? String(value) : quoted(value),
    )
    return `insert into "${table}" (${facts.map(([name]) => name).join(', ')}) values (${values.join(', ')});`
  })
}

function quoted(value: unknown): string {
  return `'${String(value).replaceAll("'", "''")}'`
}

/** With the functions of that release, which the migrations of this one may replace. */
export async function openPostgres(kept?: string): Promise<Layout> {
  const server = await startPostgres()
  const pool = new Pool({ connectionString: server.url })
  if (kept !== undefined) await pool.query(kept)
  await migrate(pool)
  const store = postgresStore(pool, { deadlineMs: 20_000 })
  return {
    store,
    ready: () => store.ready(),
    async keep() {
      const { rows: tables } = await pool.query(
        "select tablename from pg_tables where schemaname = 'tessera' order by 1",
      )
      const parts = [migrationSql(), "set session_replication_role = 'replica';", 'delete from tessera.facts;']
      for (const { tablename } of tables) {
        const { rows } = await pool.query(`select coalesce(json_agg(t), '[]')::text as all from tessera.${tablename} t`)
        const into = `insert into tessera.${tablename} select * from json_populate_recordset(null::tessera.${tablename}`
        parts.push(`${into}, ${quoted(rows[0].all)}) on conflict do nothing;`)
      }
      return [...parts, "set session_replication_role = 'origin';", ''].join('\n')
    },
    async [Symbol.asyncDispose]() {
      await pool.end()
      await server.stop()
    },
  }
}

/** A file of what a release left behind. */
export function leftBy(release: string, file: string): string {
  return join(import.meta.dirname, release, file)
}

export function readLeft(release: string, file: string): string {
  return readFileSync(leftBy(release, file), 'utf8')
}
