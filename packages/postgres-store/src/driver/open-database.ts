import { StoreError, createDeadline, hasMethods } from '@tessera/core'
import type { Database, Statement, Value } from './database.ts'

/** The part of a `pg` Pool in use. */
export interface PostgresPool {
  query(query: object): Promise<{ readonly rows: readonly unknown[] }>
}

/** @throws TypeError for something else than a pool */
export function openDatabase(pool: PostgresPool, { deadlineMs }: { readonly deadlineMs: number }): Database {
  if (!hasMethods(pool, ['query', 'connect'])) throw new TypeError('postgresStore: pool must be a Pool of pg')
  const within = createDeadline(deadlineMs)
  return {
    async query({ name, text }: Statement, values: readonly Value[]) {
      const { rows } = await pool.query({ name, text, values, rowMode: 'array' })
      return rows.map((row) => (row as [string | null])[0])
    },
    operate: (operation, work) => within(work, (cause) => new StoreError(operation, cause)),
  }
}
