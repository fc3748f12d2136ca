import { checkOptions, hasMethods, leaseRule, wholeNumber } from '@tessera/core'
import type { SqliteDatabase } from './connection/database.ts'

export interface SqliteStoreOptions {
  /** The start of the names of all tables and indexes: a lower-case letter, then up to 31 of `[a-z0-9_]`. Default `tessera_`. */
  readonly tablePrefix?: string | undefined
  /** How long an operation may wait for another connection's lock, in milliseconds. Default 1,000. */
  readonly deadlineMs?: number | undefined
  /** The number of changes kept in the change feed. A cache further behind empties itself. Default 2,000. */
  readonly changesKept?: number | undefined
  /**
   * The length of a lease of caches with the freshness `leased`, 10 to 10,000. A revocation then takes 1.1 times as long. Give
   * it to every process on the file. Default none: no cache gets a lease.
   */
  readonly leaseMs?: number | undefined
}

/** @throws TypeError for another kind of database, and for an unknown or wrong option, with its name */
export function checkSqliteStoreOptions(database: SqliteDatabase, options: SqliteStoreOptions): void {
  if (!hasMethods(database, ['exec', 'prepare']) || !('isTransaction' in database || 'inTransaction' in database)) {
    throw new TypeError(
      'sqliteStore: database must be a connection of node:sqlite (from Node 22.16 on), better-sqlite3 or libsql',
    )
  }
  checkOptions('sqliteStore', options, {
    tablePrefix: {
      right: 'a lower-case letter, then up to 31 of [a-z0-9_], and not begin with sqlite_',
      test: (value) => typeof value === 'string' && /^(?!sqlite_)[a-z][a-z0-9_]{0,31}$/.test(value),
    },
    deadlineMs: wholeNumber(1, 3_600_000, 'milliseconds'),
    changesKept: wholeNumber(1, 10_000),
    leaseMs: leaseRule,
  })
}
