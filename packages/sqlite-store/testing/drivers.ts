import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { temporaryFolder } from '../../../test/support/servers/index.ts'
import type { SqliteDatabase } from '../src/connection/database.ts'

/** A connection that a test closes. */
export type Connection = SqliteDatabase & { close(): unknown }

export type Connect = (file: string) => Connection

type Driver = new (file: string, settings?: object) => Connection

type BigintDriver = new (file: string) => Connection & { defaultSafeIntegers(toggle: boolean): Connection }

interface NodeSqlite {
  readonly DatabaseSync: Driver
}

const LATER_DRIVERS: typeof DRIVERS = [
  ['better-sqlite3', (file) => new (require('better-sqlite3') as Driver)(file)],
  ['node:sqlite', (file) => new (require('node:sqlite') as NodeSqlite).DatabaseSync(file)],
]

const BIGINTS_AND_ARRAYS = { readBigInts: true, returnArrays: true }

const LATER_BIGINT_DRIVERS: typeof DRIVERS = [
  ['better-sqlite3', (file) => new (require('better-sqlite3') as BigintDriver)(file).defaultSafeIntegers(true)],
  ['node:sqlite', (file) => new (require('node:sqlite') as NodeSqlite).DatabaseSync(file, BIGINTS_AND_ARRAYS)],
]

const require = createRequire(import.meta.url)
const [major = 0] = process.versions.node.split('.').map(Number)

/** The drivers of this version of Node. */
export const DRIVERS: readonly (readonly [name: string, Connect])[] = [
  ['libsql', (file) => new (require('libsql') as Driver)(file)],
  ...(major < 22 ? [] : LATER_DRIVERS),
]

/** The same, set to read integers as `bigint`; `node:sqlite` also to read rows as arrays. */
export const BIGINT_DRIVERS: typeof DRIVERS = [
  ['libsql', (file) => new (require('libsql') as BigintDriver)(file).defaultSafeIntegers(true)],
  ...(major < 22 ? [] : LATER_BIGINT_DRIVERS),
]

/** Databases in files of a folder of their own, with all their connections. */
export function openFiles(connect: Connect) {
  const folder = mkdtempSync(join(temporaryFolder(), 'tessera-sqlite-'))
  const opened: Connection[] = []
  let count = 0

  function open(file: string): Connection {
    const connection = connect(file)
    opened.push(connection)
    return connection
  }

  return {
    folder,
    /** A connection to a new database. */
    create(): { readonly file: string; readonly connection: Connection } {
      count += 1
      const file = join(folder, `${count}.db`)
      return { file, connection: open(file) }
    },
    open,
    [Symbol.dispose](): void {
      for (const connection of opened.splice(0)) connection.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
