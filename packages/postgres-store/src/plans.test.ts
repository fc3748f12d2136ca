import { shardOf } from '@tessera/core'
import type { Seen, TokenPage, TokenQuery, TokenStore } from '@tessera/core'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { retentionAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { makeTables } from '../testing/test-tables.ts'
import type { TestTables } from '../testing/test-tables.ts'
import { postgresStore } from './postgres-store.ts'

/** So many that an index is better, and so few that the planner is tempted to read them all for a hundred of them. */
const MANY = 4_000
const EXPLAIN = {
  session_preload_libraries: 'auto_explain',
  client_min_messages: 'log',
  'auto_explain.log_min_duration': 0,
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
}
const FILL = `
  insert into {tokens} (owner, id, digest, prefix, created_at, counts_until, ended_at, record)
  select owner, owner || '-' || number, owner || ' ' || number, 'ot_pat', ${NOW} + number, ${NOW} + number, ${NOW} + number, '{}'
  from (
    select 'many' as owner, number from generate_series(1, ${MANY}) number
    union all select 'few', number from generate_series(1, 100) number
    union all select 'owner-' || number, number from generate_series(1, 1000) number
  ) t`
const FILL_MOST = `
  insert into {tokens} (owner, id, digest, prefix, created_at, record)
  select 'most', 'most-' || number, 'most ' || number, 'ot_pat', ${NOW} + number, '{}' from generate_series(1, 20000) number`
const COUNT = 'insert into {totals} select owner, prefix, count(*) from {tokens} group by owner, prefix'

const LIMITED = { ...FREELY, activeLimit: 5 }
const none = Promise.resolve()
const COUNTING = { ids: [], key: null, active: { at: NOW, prefixes: ['ot_pat'] }, readOnly: true } as const
const WANTS = { ids: ['many-7'], key: 'ot_pat:a', keysAt: NOW, active: { at: NOW, prefixes: ['ot_pat'] } }

const query = (owner: string, facts: Partial<TokenQuery> = {}): TokenQuery => ({
  ...{ owner, prefixes: ['ot_pat'], now: NOW, statuses: null, name: null },
  sort: { by: 'createdAt', direction: 'asc' },
  window: { after: null, limit: 50 },
  ...facts,
})
const middleOf = (owner: string, count: number) => ({ value: NOW + count / 2, id: `${owner}-${count / 2}` })

describe.skipIf(!hasPostgres)('the plans of a server', () => {
  let server: PostgresServer
  let tables: TestTables

  beforeAll(async () => {
    server = await startPostgres()
    tables = await makeTables(server.url)
    for (const statement of [FILL, COUNT, 'analyze {tokens}']) await tables.ask(statement)
  })

  afterAll(async () => {
    await tables[Symbol.asyncDispose]()
    await server.stop()
  })

  /** Resolves to the plans of all statements that the work runs, those inside functions too. */
  async function plansWith(mode: string, work: (store: TokenStore) => Promise<unknown>): Promise<string> {
    const settings = Object.entries({ ...EXPLAIN, plan_cache_mode: mode })
    const options = settings.map(([name, value]) => `-c ${name}=${value}`).join(' ')
    const pool = new Pool({ connectionString: server.url, options, max: 1 })
    const plans: string[] = []
    pool.on('connect', (client) => client.on('notice', ({ message }) => void plans.push(message ?? '')))
    await work(postgresStore(pool, { schema: tables.schema, deadlineMs: 20_000 }))
    await pool.end()
    return plans.join('\n')
  }

  describe.each(['force_generic_plan', 'force_custom_plan'])('with %s', (mode) => {
    const plansOf = (work: (store: TokenStore) => Promise<unknown>) => plansWith(mode, work)
    const BY_CREATION = 'Index (Only )?Scan( Backward)? using tokens_by_creation'
    const cases: readonly (readonly [name: string, work: (store: TokenStore) => Promise<unknown>, index: string])[] = [
      [
        'a verification',
        (store) => store.findByDigest(['many 7'], shardOf('many')),
        'Index Scan using tokens_by_digest',
      ],
      [
        'one under several peppers',
        (store) => store.findByDigest(['a', 'many 7'], 'aa'),
        'Index Scan using tokens_by_digest',
      ],
      ['a token by its id', (store) => store.find('many', 'many-7'), 'Index Scan using tokens_pkey'],
      [
        'an insert',
        (store) => store.insert?.(sampleRecord({ owner: 'many' }), LIMITED) ?? none,
        'Index Only Scan using tokens_by_count',
      ],
      [
        'a change',
        (store) => {
          const wants = { ids: ['many-8'], key: null }
          const put = (seen: Seen) => [...seen.records.values()].map((record) => ({ ...record, suspendedAt: NOW }))
          return store.change('many', wants, (seen) => ({ answer: null, put: put(seen), announce: ['many 8'] }))
        },
        'Update on tokens',
      ],
      [
        'what is shown',
        (store) => store.change('many', WANTS, () => ({ answer: null })),
        'Index Scan using tokens_pkey',
      ],
      [
        'a count of active tokens',
        (store) => store.change('many', COUNTING, () => ({ answer: null })),
        'Index Only Scan using tokens_by_count',
      ],
      ['a page by creation', (store) => store.list(query('many')), BY_CREATION],
      [
        'the newest first',
        (store) => store.list(query('many', { sort: { by: 'createdAt', direction: 'desc' } })),
        BY_CREATION,
      ],
      ['a page of two prefixes', (store) => store.list(query('many', { prefixes: ['ot_pat', 'ot_old'] })), BY_CREATION],
      [
        'a page by its number',
        (store) => store.list(query('many', { window: { offset: 2_000, limit: 50 } })),
        'Index Only Scan using tokens_by_creation',
      ],
      ['a filtered page', (store) => store.list(query('many', { name: 'none', lookAtMost: 1_000 })), BY_CREATION],
      ['a pruning', (store) => store.prune(retentionAt(NOW + 1)), 'Index Scan using tokens_by_end'],
      [
        'a batch of uses',
        (store) => store.recordUse([{ owner: 'many', id: 'many-7', at: NOW }]),
        'Index Scan using tokens_pkey',
      ],
    ]

    it.each(cases)('find %s by an index', async (_, work, index) => {
      const plans = await plansOf(work)
      expect(plans).toMatch(new RegExp(index))
      expect(plans).not.toMatch(/Seq Scan on/)
    })

    it.each([
      ['the first', (owner: string) => query(owner)],
      [
        'one in the middle',
        (owner: string, count: number) => query(owner, { window: { after: middleOf(owner, count), limit: 49 } }),
      ],
      ['the first by number', (owner: string) => query(owner, { window: { offset: 0, limit: 50 } })],
    ])('read no more pages of the disk for %s of many tokens than of a hundred', async (_, queryFor) => {
      const readFor = async (owner: string, count: number) => {
        const plans = await plansOf((store) => store.list(queryFor(owner, count)))
        return Number(/Buffers: shared hit=(\d+)/.exec(plans)?.[1])
      }
      const few = await readFor('few', 100)
      expect(few).toBeGreaterThan(0)
      expect(await readFor('many', MANY)).toBeLessThanOrEqual(1.5 * few)
    })
  })

  describe('among 20,000 tokens of one owner', () => {
    beforeAll(async () => {
      await tables.ask(FILL_MOST)
      await tables.ask('analyze {tokens}')
    })

    /** Resolves to the page, and the number of rows that were read for it. */
    async function pageBy(facts: Partial<TokenQuery>): Promise<{ page: TokenPage | null; read: number }> {
      let page: TokenPage | null = null
      const plans = await plansWith('auto', async (store) => {
        page = await store.list(query('most', facts))
      })
      const scans = plans.matchAll(/using tokens_by_creation .*\(actual .* rows=(\d+)/g)
      return { page, read: [...scans].reduce((sum, [, rows]) => sum + Number(rows), 0) }
    }

    it('reads the rows that a filtered page may look at, and goes on behind them', async () => {
      const lookAtMost = 5_000
      for (const end of [5_000, 10_000, 15_000, 20_000]) {
        const after = { value: NOW + end - lookAtMost, id: `most-${end - lookAtMost}` }
        const filtered = await pageBy({ name: 'none', lookAtMost, window: { after, limit: 50 } })
        const next = { value: NOW + end, id: `most-${end}` }
        expect(filtered).toEqual({ page: { records: [], total: null, next }, read: lookAtMost })
      }
    })

    it.each(['asc', 'desc'] as const)('reads a step of a range of creation, %sending', async (direction) => {
      const range = { createdAfter: NOW + 15_000, createdBefore: NOW + 15_100 }
      const filtered = await pageBy({ ...range, name: 'none', sort: { by: 'createdAt', direction } })
      expect(filtered).toEqual({ page: { records: [], total: null, next: null }, read: 250 })
    })
  })
})
