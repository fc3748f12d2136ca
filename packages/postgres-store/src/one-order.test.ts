import type { TokenRecord, TokenUse } from '@tessera/core'
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

/** Works on two tokens; if it is with uses, in their order. */
type Operation = (store: ReturnType<typeof storeOn>, uses: readonly TokenUse[]) => Promise<unknown>

describe.skipIf(!hasPostgres)('the order of locks', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres({ settings: { deadlock_timeout: '20ms' } })
  })

  afterAll(() => server.stop())

  /** Two operations on two tokens, in opposite orders, meet while somebody holds one of these. */
  async function expectAtOnce(tables: TestTables, another: Operation): Promise<void> {
    const store = storeOn(tables)
    const [one, other] = [
      sampleRecord({ id: 'one', expiresAt: NOW + 1 }),
      sampleRecord({ id: 'other', expiresAt: NOW + 1 }),
    ]
    for (const record of [one, other]) await store.insert(record, FREELY)
    const use = ({ owner, id }: TokenRecord, at: number) => ({ owner, id, at: NOW + at })
    const working: Promise<unknown>[] = []
    await tables.during("select 1 from {tokens} where id = 'other' for update", async () => {
      for (const work of [
        () => another(store, [use(other, 1), use(one, 2)]),
        () => store.recordUse([use(one, 3), use(other, 4)]),
      ]) {
        working.push(work())
        await until(
          async () => (await tables.ask('select 1 from pg_locks where not granted')).length === working.length,
        )
      }
    })
    await Promise.all(working)
  }

  const OPERATIONS: readonly (readonly [name: string, work: Operation, ownOrder: readonly Mistake[]])[] = [
    [
      'a batch of uses',
      (store, uses) => store.recordUse(uses),
      [
        ['r(owner text, id text) on', 'r(owner text, id text, last_used_at bigint) on'],
        ['order by t.owner, t.id for update of t\n', 'order by r.last_used_at for update of t\n'],
      ],
    ],
    [
      'a bulk revocation',
      (store) => store.revokeAll('acme', everyAt(NOW)),
      [['from unnest(p_ids) w(id) order by 1)', 'from unnest(p_ids) w(id) order by 1 desc)']],
    ],
    [
      'a prune',
      (store) => store.prune(retentionAt(NOW + 2)),
      [['order by e.owner collate "C", e.id collate "C"', 'order by e.owner collate "C", e.id collate "C" desc']],
    ],
  ]

  it.each(OPERATIONS)('is one for %s and a batch of uses', async (_, work) => {
    await using tables = await makeTables(server.url)
    await expectAtOnce(tables, work)
  })

  it.each(OPERATIONS)(
    'would end in a deadlock if %s locked its tokens in an order of its own',
    async (_, work, ownOrder) => {
      await using wrong = await makeTables(server.url, ownOrder)
      await expect(expectAtOnce(wrong, work)).rejects.toThrow('deadlock detected')
    },
  )
})
