import type { TokenRecord } from '@tessera/core'
import { stepsOn } from '@tessera/store-conformance'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { changeAt, everyAt, retentionAt, revocationAt, sampleRotation } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { until } from '../../../test/support/servers/index.ts'
import { makeTables } from '../testing/test-tables.ts'
import type { Mistake, TestTables } from '../testing/test-tables.ts'
import { postgresStore } from './postgres-store.ts'

const LIMIT = 25
const OWNERS = ['acme', 'globex']
const TOKENS_EACH = 20
const AT_ONCE = 48
const OWN_ORDER: readonly Mistake[] = [
  ['r(owner text, id text) on', 'r(owner text, id text, last_used_at bigint) on'],
  ['order by t.owner, t.id for update of t\n', 'order by r.last_used_at for update of t\n'],
]

const storeOn = (pool: Pool, { schema }: Pick<TestTables, 'schema'>) =>
  stepsOn(postgresStore(pool, { schema, deadlineMs: 30_000 }))

describe.skipIf(!hasPostgres)('the order of locks', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres({ settings: { deadlock_timeout: '20ms' } })
  })

  afterAll(() => server.stop())

  /** Four processes carry out changes of all kinds on few tokens. Resolves to the errors. */
  async function storm({ schema }: TestTables, operations: number): Promise<readonly string[]> {
    const pools = Array.from({ length: 4 }, () => new Pool({ connectionString: server.url, max: 8 }))
    const stores = pools.map((pool) => storeOn(pool, { schema }))
    const ids = OWNERS.map((owner) =>
      Array.from({ length: TOKENS_EACH }, (_, number) => ({ owner, id: `${owner}-${number}` })),
    )
    const all = ids.flat()
    let [begun, at] = [0, NOW]
    const errors: string[] = []

    async function operate(number: number): Promise<unknown> {
      at += 1
      const store = stores[number % stores.length]
      const { owner, id } = all[(number * 7) % all.length] ?? { owner: '', id: '' }
      if (store === undefined) return
      const change = changeAt(at)
      const uses = all.map((token) => ({ ...token, at, ...(number % 2 === 0 && { extendTo: at + 1_000 }) }))
      switch (number % 13) {
        case 0:
          return store.suspend(owner, id, change)
        case 1:
          return store.resume(owner, id, change)
        case 2:
          return store.revoke(owner, id, revocationAt(at))
        case 3:
          return store.rotate(owner, id, sampleRotation({ ...change, activeLimit: LIMIT }))
        case 4:
          return store.completeRotation(owner, id, at)
        case 5:
          return store.rekey(owner, id, `digest ${number}`)
        case 6:
          return store.prune(retentionAt(at))
        case 7:
          return store.revokeAll(owner, everyAt(at, { issuedBefore: NOW }))
        case 8:
        case 9:
          return store.recordUse(uses.toReversed())
        case 10:
          return store.recordUse(uses)
        default:
          return store.insert(sampleRecord({ owner, id, expiresAt: at + 500 }), {
            ...FREELY,
            now: at,
            activeLimit: LIMIT,
          })
      }
    }

    async function work(): Promise<void> {
      while (begun < operations && errors.length === 0) {
        begun += 1
        await operate(begun).catch((error: unknown) => errors.push(String(error)))
      }
    }

    await Promise.all(Array.from({ length: AT_ONCE }, work))
    await Promise.all(pools.map((pool) => pool.end()))
    return errors
  }

  it('is one everywhere: no deadlock, and limits, totals and the numbers of the feed are exact', async () => {
    await using tables = await makeTables(server.url)
    expect(await storm(tables, 200)).toEqual([])
    const active = `select max(count)::int from (select count(*) from {tokens} where counts_until > ${NOW} + 1500 group by owner) c`
    expect(Number((await tables.ask(active))[0])).toBeLessThanOrEqual(LIMIT)
    const totals = 'select owner, prefix, total::int from {totals} where total > 0'
    const counts = 'select owner, prefix, count(*)::int from {tokens} group by owner, prefix'
    expect(await tables.ask(`(${totals} except ${counts}) union all (${counts} except ${totals})`)).toEqual([])
    expect(await tables.ask('select (max(n) - min(n) + 1 = count(*)) from {changes}')).toEqual([true])
  })

  /** Two batches of uses of two tokens, in opposite orders, meet while somebody holds one of these. */
  async function expectUsesAtOnce(tables: TestTables): Promise<void> {
    const store = storeOn(tables.pool, tables)
    const [one, other] = [sampleRecord({ id: 'one' }), sampleRecord({ id: 'other' })]
    for (const record of [one, other]) await store.insert(record, FREELY)
    const use = ({ owner, id }: TokenRecord, at: number) => ({ owner, id, at: NOW + at })
    const recording: Promise<void>[] = []
    await tables.during("select 1 from {tokens} where id = 'other' for update", async () => {
      for (const uses of [
        [use(other, 1), use(one, 2)],
        [use(one, 3), use(other, 4)],
      ]) {
        recording.push(store.recordUse(uses))
        const waiting = recording.length
        await until(async () => (await tables.ask('select 1 from pg_locks where not granted')).length === waiting)
      }
    })
    await Promise.all(recording)
    expect(await store.find('acme', 'one')).toMatchObject({ lastUsedAt: NOW + 3 })
  }

  it('is one for batches of uses, whatever their own', async () => {
    await using tables = await makeTables(server.url)
    await expectUsesAtOnce(tables)
  })

  it('would end in a deadlock if a batch locked its tokens in an order of its own', async () => {
    await using tables = await makeTables(server.url, OWN_ORDER)
    await expect(expectUsesAtOnce(tables)).rejects.toThrow('deadlock detected')
  })
})
