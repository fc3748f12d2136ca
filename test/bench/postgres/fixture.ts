import { tmpdir } from 'node:os'
import { createTokens, digestSecret } from '@tessera/core'
import { migrate, postgresStore } from '@tessera/postgres-store'
import type { PostgresStore } from '@tessera/postgres-store'
import { Pool } from 'pg'
import { startPostgres } from '../../postgres/index.ts'
import { issueTokens } from '../in-process/issued-tokens.ts'
import type { IssuedTokens } from '../in-process/issued-tokens.ts'

const ISSUE_AT_ONCE = 64
/** A loaded machine takes its time, and is measured all the same. */
export const DEADLINE_MS = 60_000

/** A PostgreSQL of its own on this machine's disk with tokens in it, and the one pool that everything goes through. */
export interface Fixture extends AsyncDisposable {
  readonly pool: Pool
  /** The keys of the table `bare`, which holds a text as long as a record under each. */
  readonly keys: readonly string[]
  readonly store: PostgresStore
  /** Straight from the store, without a cache. */
  readonly uncached: IssuedTokens
}

/** @param count How many tokens there are, ten to an owner. The use of each is written. */
export async function openFixture(count: number): Promise<Fixture> {
  const server = await startPostgres({ parent: tmpdir(), settings: { autovacuum: 'off' } })
  const pool = new Pool({ connectionString: server.url })
  await migrate(pool)
  const store = postgresStore(pool, { deadlineMs: DEADLINE_MS })
  const uncached = await issueTokens(store, count, createTokens, ISSUE_AT_ONCE)
  const keys = uncached.secrets.map((secret) => digestSecret(secret))
  await pool.query('create table bare (key text collate "C" primary key, value text not null)')
  await pool.query("insert into bare select key, repeat('v', 400) from unnest($1::text[]) as key", [keys])
  // The feed is as long as it gets.
  await pool.query(
    "insert into tessera.changes (n, nonce, digest) select n, md5(n::text), '' from generate_series(1, 2000) n",
  )
  await pool.query('vacuum analyze')
  return {
    pool,
    keys,
    store,
    uncached,
    async [Symbol.asyncDispose]() {
      await uncached.tokens.close()
      await pool.end()
      await server.stop()
    },
  }
}
