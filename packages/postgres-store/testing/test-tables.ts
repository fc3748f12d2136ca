import { Pool } from 'pg'
import { until } from '../../../test/support/servers/index.ts'
import { migrationSql } from '../src/migrations/migration-sql.ts'

/** A mistake in the SQL. */
export type Mistake = readonly [right: string, wrong: string]

/** The tables of a store in a schema of their own. In statements, a table or a function is named `{name}`. */
export interface TestTables extends AsyncDisposable {
  readonly url: string
  readonly schema: string
  /** Ten connections, as an app has by default. */
  readonly pool: Pool
  /** Resolves to the first column of the rows. */
  ask(statement: string): Promise<readonly unknown[]>
  /** Works while a transaction with the statement is open. */
  during(statement: string, work: () => Promise<void>): Promise<void>
  /** Resolves when a change is over, or something waits for a lock. */
  overOrWaiting(changing: Promise<unknown>): Promise<void>
}

let made = 0

/** @throws Error if the SQL does not have the text of a mistake */
export async function makeTables(url: string, mistakes: readonly Mistake[] = []): Promise<TestTables> {
  made += 1
  const schema = `tables_${made}`
  const inSchema = (text: string) => text.replaceAll(/\{(\w+)\}/g, `"${schema}".$1`)
  const sql = mistakes.reduce((text, [right, wrong]) => {
    if (!text.includes(inSchema(right))) throw new Error(`the SQL has no such text: ${right}`)
    return text.replaceAll(inSchema(right), inSchema(wrong))
  }, migrationSql({ schema }))
  const pool = new Pool({ connectionString: url })
  // The test's own statements do not stand in line behind those of the store.
  const own = new Pool({ connectionString: url, max: 4 })
  own.on('error', () => {})
  await own.query(sql)

  async function ask(statement: string): Promise<readonly unknown[]> {
    const { rows } = await own.query<unknown[]>({ text: inSchema(statement), rowMode: 'array' })
    return rows.map(([column]) => column)
  }

  return {
    url,
    schema,
    pool,
    ask,
    async during(statement, work) {
      const client = await own.connect()
      try {
        await client.query(`begin; ${inSchema(statement)}`)
        await work()
      } finally {
        await client.query('commit')
        client.release()
      }
    },
    async overOrWaiting(changing) {
      let isOver = false
      const end = () => void (isOver = true)
      changing.then(end, end)
      await until(async () => isOver || (await ask('select 1 from pg_locks where not granted')).length > 0)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([pool.end(), own.end()])
    },
  }
}
