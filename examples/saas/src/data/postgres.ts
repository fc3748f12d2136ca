import { migrate, postgresStore } from '@tessera/postgres-store'
import { Pool } from 'pg'
import type { PoolClient } from 'pg'
import { asking } from './database.ts'
import type { Database, Statement } from './database.ts'
import { tables } from './tables.ts'

/** Any number of processes at once may make the tables: the lock lets one of them at it. */
const LOCK = `select pg_advisory_xact_lock(hashtext('saas tables'))`

/** One pool for the app and its tokens. A server that hangs is given up after a second. */
export async function openPostgres(connectionString: string): Promise<Database> {
  const pool = new Pool({ connectionString, connectionTimeoutMillis: 1_000, query_timeout: 1_000 })
  pool.on('error', () => {}) // An idle connection that ends is replaced by the pool.

  async function runAll<Row>(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const answers: (readonly Row[])[] = []
      for (const each of statements) answers.push(await run<Row>(client, each))
      await client.query('commit')
      client.release()
      return answers
    } catch (error) {
      client.release(true) // The server rolls back what its connection leaves open.
      throw error
    }
  }

  // A new database may need longer than a request.
  const owner = new Pool({ connectionString, connectionTimeoutMillis: 10_000, max: 1 })
  await migrate(owner)
  await owner.query(['begin', LOCK, ...tables, 'commit'].join(';'))
  await owner.end()
  const store = postgresStore(pool)
  await store.ready({ durable: process.env['NODE_ENV'] === 'production' })

  return {
    store,
    rows: (statement) => asking(() => run(pool, statement)),
    batch: (statements) => asking(() => runAll(statements)),
    close: () => pool.end(),
  }
}

async function run<Row>(on: Pool | PoolClient, { texts, values }: Statement): Promise<readonly Row[]> {
  const text = texts.reduce((start, end, index) => `${start}$${index}${end}`)
  const { rows } = await on.query(text, [...values])
  return rows as Row[]
}
