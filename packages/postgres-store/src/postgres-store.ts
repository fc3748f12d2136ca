import { checkOptions, createLeases, isBoolean } from '@tessera/core'
import type { ChangeFeed, TokenStore } from '@tessera/core'
import { openDatabase } from './driver/open-database.ts'
import type { PostgresPool } from './driver/which-driver.ts'
import { checkDatabase } from './migrations/check-database.ts'
import { createChangeFeed } from './operations/change-feed.ts'
import { createChanges } from './operations/change-tokens.ts'
import { createFinders } from './operations/find-token.ts'
import { createList } from './operations/list-tokens.ts'
import { createPrune } from './operations/prune-tokens.ts'
import { createRecordUse } from './operations/record-use.ts'
import { checkPostgresStoreOptions } from './options.ts'
import type { PostgresStoreOptions } from './options.ts'
import { createSession } from './session/session.ts'

/** A store on PostgreSQL, with the feed needed by a cache in front of it. */
export interface PostgresStore extends TokenStore {
  readonly feed: ChangeFeed
  /**
   * Checks the database, so an app can refuse to start. Rejects with a StoreError; its cause names the statement to run.
   *
   * @param options `durable: false` passes over a server without `fsync`, for tests.
   */
  ready(options?: { readonly durable?: boolean | undefined }): Promise<void>
}

/**
 * Keeps tokens in PostgreSQL, for any number of processes.
 *
 * - Every statement is a transaction of its own, so no lock outlives a client that stops.
 * - A verification is one prepared statement. A change is two: one reads, the other compares and writes.
 * - At most three changes of a process are under way on a pool at once. Those of one owner that wait are written together.
 *
 * @param pool It stays yours: it is neither configured nor closed here.
 * @throws TypeError for something else, and for an unknown or wrong option, with its name
 * @example const store = postgresStore(new Pool({ connectionString: process.env.DATABASE_URL }))
 */
export function postgresStore(pool: PostgresPool, options: PostgresStoreOptions = {}): PostgresStore {
  checkPostgresStoreOptions(options)
  const { schema = 'tessera', deadlineMs = 1_000, changesKept = 2_000, preparedStatements = 'auto', leaseMs } = options
  const database = openDatabase(pool, { deadlineMs, preparedStatements })
  const session = createSession(pool, database, { schema, deadlineMs, changesKept })
  const leases = createLeases(leaseMs)
  const lending = { leases, ownMs: leaseMs ?? 0 }
  const { change, insert } = createChanges(session, lending)
  return {
    change: leases.waiting(change),
    insert,
    ...createFinders(session),
    list: createList(session),
    recordUse: createRecordUse(session),
    prune: createPrune(session),
    feed: createChangeFeed(session, lending),
    async ready(options = {}) {
      checkOptions('ready', options, { durable: { right: 'true or false', test: isBoolean } })
      await database.operate('check the database', (query) => checkDatabase(query, schema, options.durable ?? true))
    },
  }
}
