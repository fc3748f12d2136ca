import type { Pool } from 'pg'
import type { PgClient, PgPool } from '../src/driver/pg-pool.ts'

/** A change of a statement and of its values. */
export type Rewrite = (text: string, values: readonly unknown[]) => readonly [text: string, values: readonly unknown[]]

/** The same pool for a store of another version: each of its statements is another one. */
export function withStatements(pool: Pool, rewrite: Rewrite): Pool {
  const connect: PgPool['connect'] = (callback) => {
    ;(pool as unknown as PgPool).connect((error, client, release) => {
      callback(error, client && rewriting(client, rewrite), release)
    })
  }
  return new Proxy(pool, {
    get: (target, name) => (name === 'connect' ? connect : Reflect.get(target, name)) as unknown,
  })
}

function rewriting(client: PgClient, rewrite: Rewrite): PgClient {
  return {
    on: (...args) => client.on(...args),
    removeListener: (...args) => client.removeListener(...args),
    query(query, callback) {
      const given = query as { readonly text: string; readonly values: readonly unknown[]; readonly name?: string }
      const [text, values] = rewrite(given.text, given.values)
      const isOther = text !== given.text && given.name !== undefined
      client.query({ ...query, text, values, ...(isOther && { name: `${given.name}2` }) }, callback)
    },
  }
}
