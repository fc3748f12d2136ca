import type { Place, TokenPage, TokenQuery, TokenStore } from '@tessera/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOW } from '../../../../test/support/sample-record.ts'
import { DRIVERS, openFiles } from '../../testing/drivers.ts'
import type { Connection } from '../../testing/drivers.ts'
import type { SqliteDatabase } from '../connection/database.ts'
import { sqliteStore } from '../sqlite-store.ts'

const MANY = 20_000
const MOST_IN_STEP = 250
const FILL = `
  insert into tessera_tokens (owner, id, digest, prefix, created_at, record)
  with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < ${MANY})
  select 'acme', 'tok-' || number, 'digest ' || number, 'ot_pat', ${NOW} + number, '{}' from numbers`

/** The same connection, whose statements count the rows that they answer. */
function counting(connection: Connection, count: (rows: number) => void): SqliteDatabase {
  return {
    exec: (sql) => connection.exec(sql),
    prepare(sql) {
      const statement = connection.prepare(sql)
      return {
        run: (...values) => statement.run(...values),
        get: (...values) => statement.get(...values),
        all(...values) {
          const rows = statement.all(...values)
          count(rows.length)
          return rows
        },
      }
    },
    get isTransaction() {
      return (connection.isTransaction ?? connection.inTransaction) === true
    },
  }
}

describe.each(DRIVERS.slice(0, 1))('a filtered page among 20,000 tokens, with %s', (_, connect) => {
  const files = openFiles(connect)
  let store: TokenStore
  let read = 0

  beforeAll(async () => {
    const { connection } = files.create()
    const made = sqliteStore(counting(connection, (rows) => (read += rows)))
    await made.ready()
    connection.exec(FILL)
    store = made
  })

  afterAll(() => files[Symbol.dispose]())

  async function pageOf(query: Partial<TokenQuery>): Promise<TokenPage> {
    const all = { owner: 'acme', prefixes: ['ot_pat'], now: NOW, statuses: null, name: null } as const
    const sort = { by: 'createdAt', direction: 'asc' } as const
    read = 0
    return store.list({ ...all, sort, window: { after: null, limit: 50 }, ...query })
  }

  it('reads the rows that it may look at, and goes on behind them', async () => {
    const lookAtMost = 5_000
    const ends: (Place | null)[] = []
    let after: Place | null = null
    do {
      const page = await pageOf({ name: 'none', lookAtMost, window: { after, limit: 50 } })
      expect([page.records, page.total]).toEqual([[], null])
      expect(read).toBeLessThanOrEqual(lookAtMost)
      ends.push(page.next)
      after = page.next
    } while (after !== null)
    const expected = [5_000, 10_000, 15_000, 20_000].map((number) => ({ value: NOW + number, id: `tok-${number}` }))
    expect(ends).toEqual([...expected, null])
  })

  it('reads a step of a range of creation, from either end', async () => {
    const range = { createdAfter: NOW + 15_000, createdBefore: NOW + 15_100 }
    for (const direction of ['asc', 'desc'] as const) {
      const page = await pageOf({ ...range, name: 'none', sort: { by: 'createdAt', direction } })
      expect(page).toEqual({ records: [], total: null, next: null })
      expect(read).toBe(MOST_IN_STEP)
    }
  })
})
