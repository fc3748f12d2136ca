import { stepsOn } from '@tessera/store-conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { everyAt, retentionAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { until } from '../../../test/support/servers/index.ts'
import { makeTables } from '../testing/test-tables.ts'
import type { Mistake, TestTables } from '../testing/test-tables.ts'
import { postgresStore } from './postgres-store.ts'

const storeOn = ({ pool, schema }: TestTables) => stepsOn(postgresStore(pool, { schema, deadlineMs: 30_000 }))

/** Works on two tokens. */
type Operation = (store: ReturnType<typeof storeOn>) => Promise<unknown>

const revokeAll: Operation = (store) => store.revokeAll('acme', everyAt(NOW))
const prune: Operation = (store) => store.prune(retentionAt(NOW + 2))

describe.skipIf(!hasPostgres)('the order of locks', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres({ settings: { deadlock_timeout: '20ms' } })
  })

  afterAll(() => server.stop())

  /** Two operations on two tokens meet while somebody holds one of these. */
  async function expectAtOnce(tables: TestTables, operations: readonly Operation[]): Promise<void> {
    const store = storeOn(tables)
    for (const id of ['one', 'other']) await store.insert(sampleRecord({ id, expiresAt: NOW + 1 }), FREELY)
    const working: Promise<unknown>[] = []
    await tables.during("select 1 from {tokens} where id = 'other' for update", async () => {
      for (const work of operations) {
        working.push(work(store))
        await until(
          async () => (await tables.ask('select 1 from pg_locks where not granted')).length === working.length,
        )
      }
    })
    await Promise.all(working)
  }

  it('is one for a bulk revocation and a pruning', async () => {
    await using tables = await makeTables(server.url)
    await expectAtOnce(tables, [revokeAll, prune])
  })

  it.each<readonly [name: string, operations: readonly Operation[], ownOrder: Mistake]>([
    [
      'a bulk revocation',
      [revokeAll, prune],
      ['from unnest(p_ids) w(id) order by 1)', 'from unnest(p_ids) w(id) order by 1 desc)'],
    ],
    [
      'a pruning',
      [prune, revokeAll],
      ['order by e.owner collate "C", e.id collate "C"', 'order by e.owner collate "C", e.id collate "C" desc'],
    ],
  ])('would end in a deadlock if %s locked its tokens in an order of its own', async (_, operations, ownOrder) => {
    await using wrong = await makeTables(server.url, [ownOrder])
    await expect(expectAtOnce(wrong, operations)).rejects.toThrow('deadlock detected')
  })

  it('does not concern uses: they wait for no lock, and a locked token gets its own later', async () => {
    await using tables = await makeTables(server.url)
    const store = storeOn(tables)
    const records = ['one', 'other'].map((id) => sampleRecord({ id }))
    for (const record of records) await store.insert(record, FREELY)
    const lastUses = () => Promise.all(records.map(async ({ owner, id }) => (await store.find(owner, id))?.lastUsedAt))
    let recorded: Promise<void> = Promise.resolve()
    await tables.during("select 1 from {tokens} where id = 'one' for update", async () => {
      recorded = store.recordUse(records.map(({ owner, id }) => ({ owner, id, at: NOW + 1 })))
      await until(async () => (await lastUses()).includes(NOW + 1))
      expect(await lastUses()).toEqual([null, NOW + 1])
      expect(await tables.ask('select 1 from pg_locks where not granted')).toEqual([])
    })
    await recorded
    expect(await lastUses()).toEqual([NOW + 1, NOW + 1])
  })
})
