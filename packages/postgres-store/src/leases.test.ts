import { readFileSync } from 'node:fs'
import { createTokens } from '@tessera/core'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, startPostgres } from '../../../test/postgres/index.ts'
import type { PostgresServer } from '../../../test/postgres/index.ts'
import { scripts } from './migrations/scripts.ts'
import { driverOf } from './driver/which-driver.ts'
import { migrate, runScripts } from './migrations/migrate.ts'
import { withStatements } from '../testing/with-statements.ts'
import { postgresStore } from './postgres-store.ts'

const REQUEST = { owner: 'acme', name: 'CI', scopes: [] }

/** A version before there were leases: it writes a change without a length. */
const formerly = (text: string, values: readonly unknown[]): readonly [string, readonly unknown[]] =>
  text.includes('write_change_v2')
    ? [text.replace('write_change_v2', 'write_change_v1').replace(/, \$21::int\)/, ')'), values.slice(0, -1)]
    : [text, values]

describe.skipIf(!hasPostgres)('postgresStore with leaseMs', () => {
  let server: PostgresServer
  let pool: Pool
  let formerPool: Pool

  beforeAll(async () => {
    server = await startPostgres()
    pool = new Pool({ connectionString: server.url })
    formerPool = new Pool({ connectionString: server.url })
    await runScripts(driverOf('migrate', pool), 'tessera', scripts.slice(0, 1))
  })

  afterAll(async () => {
    await Promise.all([pool.end(), formerPool.end()])
    await server.stop()
  })

  it('shuts out writers of a version without leases, once anybody lends some, and none of its readers', async () => {
    const former = createTokens({ store: postgresStore(withStatements(formerPool, formerly)), prefix: 'ot_pat' })
    const { secret, token } = await former.issue(REQUEST)
    const store = postgresStore(pool, { leaseMs: 50 })
    const tokens = createTokens({ store, prefix: 'ot_pat' })
    await expect(store.ready({ durable: false })).rejects.toThrow(
      'the tables have layout 1, this version needs 2: run migrate',
    )

    await migrate(pool)
    await store.ready({ durable: false })
    await former.suspend('acme', token.id)
    await former.resume('acme', token.id)
    expect(await store.feed.leasedChangesSince?.('')).toMatchObject({ leaseMs: 50 })

    await expect(former.revoke('acme', token.id)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('another process lends leases, and this version of postgresStore does not wait'),
    })
    expect(await former.verify(secret)).toMatchObject({ ok: true })
    await tokens.revoke('acme', token.id)
    expect(await former.verify(secret)).toEqual({ ok: false, reason: 'revoked' })
    expect(await former.issue(REQUEST)).toMatchObject({ replayed: false })
    await Promise.all([former.close(), tokens.close()])
  })

  it('lends no lease beside a change that does not know of it, and so may not wait', async () => {
    const { feed } = postgresStore(pool, { leaseMs: 300 })
    const { revision } = (await feed.leasedChangesSince?.('')) ?? { revision: '' }
    // A change of a process with a shorter length, before its commit.
    const change = await formerPool.connect()
    await change.query("begin; select tessera.announce_v2(array['a digest'], 'acme', 2000, 50)")
    const lending = postgresStore(pool, { leaseMs: 600 }).feed.leasedChangesSince?.(revision)
    const waits = "select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted"
    const counts = async () => (await pool.query<{ count: number }>(waits)).rows[0]?.count
    await expect.poll(counts, { interval: 10, timeout: 10_000 }).toBe(1)
    await change.query('commit')
    change.release()
    expect(await lending).toMatchObject({ leaseMs: 600, digests: ['a digest'] })
  })

  it('announces what was changed by hand, and answers the length to wait for, as the docs say', async () => {
    const { feed } = postgresStore(pool, { leaseMs: 600 })
    const { revision } = (await feed.leasedChangesSince?.('')) ?? { revision: '' }
    const docs = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8')
    const { rows } = await pool.query({
      text: /`(select tessera\.announce.*?)`/.exec(docs)?.[1] ?? '',
      rowMode: 'array',
    })
    expect(rows).toEqual([['600']])
    expect(await feed.changesSince(revision)).toMatchObject({ digests: [], owners: ['acme'] })
  })

  it.each([9, 10_001, 1.5, '100', null])('refuses as leaseMs: %s', (leaseMs) => {
    expect(() => postgresStore(pool, { leaseMs: leaseMs as number })).toThrow(
      'postgresStore: option "leaseMs" must be a whole number of milliseconds, 10 to 10,000',
    )
  })
})
