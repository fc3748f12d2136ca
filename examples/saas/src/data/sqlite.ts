import { sqliteStore } from '@tessera/sqlite-store'
import Sqlite from 'libsql'
import { asking } from './database.ts'
import type { Database, Statement } from './database.ts'
import { tables } from './tables.ts'

/** One file, for one machine. The token store has a connection of its own, as its README asks. */
export async function openSqlite(file: string): Promise<Database> {
  const own = new Sqlite(file, { timeout: 1_000 })
  const ofTokens = new Sqlite(file)
  own.exec('pragma journal_mode = wal; pragma foreign_keys = on')
  for (const table of tables) own.exec(table)
  const store = sqliteStore(ofTokens)
  await store.ready()

  function run<Row>({ texts, values }: Statement): readonly Row[] {
    const statement = own.prepare(texts.join('?'))
    if (statement.reader) return statement.all(...values) as Row[]
    statement.run(...values)
    return []
  }

  function runAll<Row>(statements: readonly Statement[]): readonly (readonly Row[])[] {
    own.exec('begin immediate')
    try {
      const answers = statements.map((each) => run<Row>(each))
      own.exec('commit')
      return answers
    } catch (error) {
      own.exec('rollback')
      throw error
    }
  }

  return {
    store,
    rows: (statement) => asking(() => run(statement)),
    batch: (statements) => asking(() => runAll(statements)),
    async close() {
      own.close()
      ofTokens.close()
    },
  }
}
