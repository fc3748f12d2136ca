import { Pool } from 'pg'
import postgres from 'postgres'
import type { PostgresPool } from '../src/driver/which-driver.ts'

/** A pool of the test's own. */
export interface OpenPool extends AsyncDisposable {
  readonly pool: PostgresPool
}

/** Opens a pool of at most so many connections, as one driver does. */
export type OpenDriver = (url: string, most?: number) => OpenPool

/** For `describe.each`. Each driver reads and writes everything wrong by itself. */
export const DRIVERS: readonly (readonly [name: string, open: OpenDriver])[] = [
  ['pg', openPg],
  ['postgres.js', openPostgresJs],
]

const spoilt = (value: unknown) => `spoilt ${String(value)}`
const TEXTS = [25, 1009]

export function openPg(url: string, most = 4): OpenPool & { readonly pool: Pool } {
  const pool = new Pool({
    connectionString: url,
    max: most,
    types: { getTypeParser: () => spoilt },
  })
  return { pool, [Symbol.asyncDispose]: () => pool.end() }
}

export function openPostgresJs(url: string, most = 4): OpenPool & { readonly pool: postgres.Sql } {
  const pool: postgres.Sql = postgres(url, {
    max: most,
    // A connection cut while it asks for types would end the process.
    fetch_types: false,
    types: { text: { to: 25, from: TEXTS, parse: spoilt, serialize: spoilt } },
    transform: {
      undefined: null,
      column: spoilt,
      value: spoilt,
      row: (row: object) => ({ ...row, spoilt: true }),
    },
    onnotice() {},
  })
  return { pool, [Symbol.asyncDispose]: () => pool.end({ timeout: 0 }) }
}
