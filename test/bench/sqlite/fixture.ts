import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokens } from '@tessera/core'
import { sqliteStore } from '@tessera/sqlite-store'
import type { SqliteStore } from '@tessera/sqlite-store'
import Database from 'libsql'
import { issueTokens } from '../in-process/issued-tokens.ts'
import type { IssuedTokens } from '../in-process/issued-tokens.ts'

const ISSUE_AT_ONCE = 64

/** A file of its own with tokens in it, and the one connection that everything goes through. */
export interface Fixture extends Disposable {
  readonly database: Database.Database
  readonly store: SqliteStore
  /** Straight from the store, without a cache. */
  readonly uncached: IssuedTokens
}

/** @param count How many tokens there are, ten to an owner. The use of each is written. */
export async function openFixture(count: number): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'))
  const database = new Database(join(folder, 'tokens.db'))
  const store = sqliteStore(database)
  const uncached = await issueTokens(store, count, createTokens, ISSUE_AT_ONCE)
  return {
    database,
    store,
    uncached,
    [Symbol.dispose]() {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
