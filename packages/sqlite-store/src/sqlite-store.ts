import { checkRetention, createLeases, prefixOfKey } from '@tessera/core'
import type { ChangeFeed, Decision, Seen, TokenStore, Wants } from '@tessera/core'
import { changeLogIn } from './operations/change-log.ts'
import { statementsOn } from './connection/database.ts'
import type { SqliteDatabase } from './connection/database.ts'
import { checkDurable } from './connection/durable.ts'
import { keptLeaseIn } from './rows/kept-lease.ts'
import { keptRequestsIn } from './rows/kept-requests.ts'
import { claimPruning, prepareTables } from './rows/layout.ts'
import { checkSqliteStoreOptions } from './options.ts'
import type { SqliteStoreOptions } from './options.ts'
import { readPage } from './operations/read-page.ts'
import { recordUsesIn } from './operations/record-uses.ts'
import { inSavepoint } from './connection/savepoint.ts'
import { tokenRowsIn } from './rows/token-rows.ts'
import { createWriter } from './connection/writer.ts'

/** A store in a SQLite file, with the feed needed by a cache in front of it. */
export interface SqliteStore extends TokenStore {
  readonly feed: ChangeFeed
  /**
   * Makes the tables where they are missing, and looks at the database. Call it at start; without it, the first use does.
   *
   * @throws Error if the tables are of another layout, or the file is in memory or on a network, in words
   */
  ready(): Promise<void>
}

const PRUNED_AT_ONCE = 500
const USED_AT_ONCE = 100

/**
 * Keeps tokens in a SQLite file, for all processes of one machine.
 *
 * @param database A connection of `node:sqlite`, `better-sqlite3` or `libsql`, for this store alone. It stays yours: close it
 *   after `tokens.close()`.
 * @throws TypeError for something else, and for an unknown or wrong option, with its name
 * @example
 * const store = sqliteStore(new DatabaseSync('tokens.db'))
 */
export function sqliteStore(database: SqliteDatabase, options: SqliteStoreOptions = {}): SqliteStore {
  checkSqliteStoreOptions(database, options)
  const { tablePrefix = 'tessera_', deadlineMs = 1_000, changesKept = 2_000, leaseMs } = options
  const sql = statementsOn(database, tablePrefix)
  const writer = createWriter(sql, deadlineMs)
  const rows = tokenRowsIn(sql)
  const requests = keptRequestsIn(sql)
  const leases = createLeases(leaseMs)
  const lending = { kept: keptLeaseIn(sql, leaseMs ?? 0), leases, ownMs: leaseMs }
  const log = changeLogIn(sql, { read, write }, changesKept, lending)
  let prepared: Promise<void> | null = null
  let isPrepared = false

  /** The first call makes the tables; after a failure the next one tries again. */
  function prepare(): Promise<void> {
    prepared ??= writer
      .read(() => prepareTables(sql))
      .then(
        () => void (isPrepared = true),
        (error: unknown) => {
          prepared = null
          throw error
        },
      )
    return prepared
  }

  async function read<Answer>(work: () => Answer): Promise<Answer> {
    if (!isPrepared) await prepare()
    return writer.read(work)
  }

  async function write<Answer>(operation: string, work: () => Answer): Promise<Answer> {
    if (!isPrepared) await prepare()
    return writer.write(operation, work)
  }

  function show(owner: string, { ids, key, keysAt, active }: Wants): Seen {
    return {
      records: rows.findWithNeighbours(owner, ids),
      kept: key === null ? null : requests.find(owner, key),
      active: active === undefined ? null : rows.countActive(owner, active),
      keys: keysAt === undefined ? null : requests.count(owner, prefixOfKey(key ?? ''), keysAt),
    }
  }

  function carryOut(owner: string, { records }: Seen, decision: Decision<unknown>): void {
    const { put = [], add = [], keep, announce = [] } = decision
    const write = () => {
      for (const record of add) rows.add(record)
      for (const record of put) rows.put(record, records.get(record.id) ?? record)
      if (keep !== undefined) requests.keep(owner, keep)
      if (announce.length > 0) log.append(owner, announce)
    }
    const isOneStatement = announce.length === 0 && add.length + put.length + Number(keep !== undefined) < 2
    if (isOneStatement) write()
    else inSavepoint(sql, write)
  }

  /** Without the lock: everything is shown as of one state, and nothing is written. */
  function look<Answer>(owner: string, wants: Wants, decide: (seen: Seen) => Decision<Answer>): Answer {
    sql.exec('begin')
    try {
      return decide(show(owner, wants)).answer
    } finally {
      sql.exec('rollback')
    }
  }

  return {
    change: leases.waiting(async (owner, wants, decide) =>
      wants.readOnly === true
        ? read(() => look(owner, wants, decide))
        : write('change a token', () => {
            const seen = show(owner, wants)
            const decision = decide(seen)
            carryOut(owner, seen, decision)
            return decision.answer
          }),
    ),
    findByDigest: (digests) => read(() => rows.findByDigests(digests)),
    find: (owner, id) => read(() => rows.find(owner, id)),
    findById: (id) => read(() => rows.findById(id)),
    list: (query) => read(() => readPage(sql, query)),
    async recordUse(uses) {
      const parts = Array.from({ length: Math.ceil(uses.length / USED_AT_ONCE) }, (_, number) =>
        uses.slice(number * USED_AT_ONCE, (number + 1) * USED_AT_ONCE),
      )
      await Promise.all(parts.map((part) => write('record uses', () => recordUsesIn(sql, rows, part))))
    },
    async prune(retention) {
      checkRetention(retention)
      if (!(await write('claim a pruning', () => claimPruning(sql, retention)))) return 0
      let removed = 0
      for (;;) {
        const count = await write('prune', () => rows.removeEnded(retention, PRUNED_AT_ONCE))
        removed += count
        if (count < PRUNED_AT_ONCE) break
      }
      await write('prune', () => requests.removeExpired(retention.now))
      return removed
    },
    feed: log.feed,
    async ready() {
      await prepare()
      await checkDurable(sql)
    },
  }
}
