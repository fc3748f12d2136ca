import type { TokenRecord, TokenUse } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { DRIVERS, openFiles } from '../../testing/drivers.ts'
import type { Connection } from '../../testing/drivers.ts'
import type { SqliteStore } from '../sqlite-store.ts'
import { sqliteStore } from '../sqlite-store.ts'

const MANY = 250

/** The same connection, and the beginnings of the statements that ran on it. */
function watched(connection: Connection) {
  const ran: string[] = []
  const database = {
    exec: (sql: string) => connection.exec(sql),
    prepare(sql: string) {
      const statement = connection.prepare(sql)
      const noting = <Values extends unknown[], Answer>(run: (...values: Values) => Answer) => {
        return (...values: Values) => {
          ran.push(sql.trim().split(' ')[0] ?? '')
          return run.apply(statement, values)
        }
      }
      return { run: noting(statement.run), get: noting(statement.get), all: noting(statement.all) }
    },
    get isTransaction() {
      return (connection.isTransaction ?? connection.inTransaction) === true
    },
  }
  return { database, ran }
}

describe.each(DRIVERS)('recordUse, with %s', (_, connect) => {
  const files = openFiles(connect)
  afterAll(() => files[Symbol.dispose]())

  async function opened(records: readonly TokenRecord[]) {
    const { connection } = files.create()
    const { database, ran } = watched(connection)
    const store: SqliteStore = sqliteStore(database)
    const ids = records.map(({ id }) => id)
    await store.change('acme', { ids, key: null }, () => ({ answer: null, add: records }))
    ran.length = 0
    return { connection, store, ran }
  }

  it('reads and writes a hundred tokens in a statement each, and no column of an index', async () => {
    const records = Array.from({ length: MANY }, () => sampleRecord())
    const { connection, store, ran } = await opened(records)
    const columns = 'owner, id, digest, prefix, created_at, counts_until, ended_at'
    const refused = "begin select raise(abort, 'an index was written'); end"
    connection.exec(`create trigger moved before update of ${columns} on tessera_tokens ${refused}`)
    await store.recordUse(records.map(({ owner, id }, number) => ({ owner, id, at: NOW + number })))
    expect(ran).toEqual(['select', 'update', 'select', 'update', 'select', 'update'])
    for (const number of [0, 99, 100, MANY - 1]) {
      const { id = '' } = records[number] ?? {}
      expect(await store.find('acme', id)).toEqual({ ...records[number], lastUsedAt: NOW + number })
    }
  })

  it('applies several uses of a token in order, extends it in the indexes too, and passes over unknown ones', async () => {
    const [extended, used] = [sampleRecord({ expiresAt: NOW + 10 }), sampleRecord()]
    const { store } = await opened([extended, used])
    const { owner, id } = extended
    const uses: TokenUse[] = [
      { owner, id, at: NOW + 9, extendTo: NOW + 20 },
      { owner, id: 'unknown', at: NOW },
      { owner, id: `${id}\0`, at: NOW },
      { owner: used.owner, id: used.id, at: NOW + 3 },
      { owner, id, at: NOW + 19, extendTo: NOW + 30 },
      { owner: used.owner, id: used.id, at: NOW + 2 },
    ]
    await store.recordUse(uses)
    expect(await store.find(owner, id)).toEqual({ ...extended, lastUsedAt: NOW + 19, expiresAt: NOW + 30 })
    expect(await store.find(owner, used.id)).toEqual({ ...used, lastUsedAt: NOW + 3 })
    const active = { at: NOW + 29, prefixes: ['ot_pat'] }
    const counted = store.change(owner, { ids: [], key: null, active }, (seen) => ({ answer: seen.active }))
    expect(await counted).toBe(2)
  })
})
