import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokens } from '@tessera/core'
import { sqliteStore } from '@tessera/sqlite-store'
import type { SqliteStore } from '@tessera/sqlite-store'
import Database from 'libsql'
import { repeat } from '../harness/repeat.ts'
import { shuffled } from '../in-process/issued-tokens.ts'
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
  const tokens = createTokens({ store, prefix: 'ot_pat' })
  const issued: string[] = []
  await repeat(count, ISSUE_AT_ONCE, async (number) => {
    const owner = `owner-${Math.floor(number / 10)}`
    const scopes = ['jobs:read', 'runs:read', 'runs:write']
    issued.push((await tokens.issue({ owner, name: `token ${number}`, scopes })).secret)
  })
  const secrets = shuffled(issued)
  await repeat(count, ISSUE_AT_ONCE, (number) => tokens.verify(secrets[number]))
  await tokens.flush()
  return {
    database,
    store,
    uncached: { tokens, secrets },
    [Symbol.dispose]() {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
