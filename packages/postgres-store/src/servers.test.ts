import { shardOf } from '@tessera/core'
import { stepsOn } from '@tessera/store-conformance'
import { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { hasPostgres, startWithStandby } from '../../../test/postgres/index.ts'
import { revocationAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { startProxy } from '../../../test/support/servers/index.ts'
import { makeTables } from '../testing/test-tables.ts'
import { postgresStore } from './postgres-store.ts'

describe.skipIf(!hasPostgres)('a store on two servers', () => {
  it('refuses a standby, and drops what it read from an old primary beside the new one', async () => {
    await using servers = await startWithStandby()
    await using tables = await makeTables(servers.primary.url)
    await using proxy = await startProxy(servers.standby.port)
    // Each statement goes over a connection of its own, and so to where the proxy leads by then.
    const connectionString = `postgres://postgres@127.0.0.1:${proxy.port}/postgres`
    const pool = new Pool({ connectionString, max: 1, maxUses: 1 })
    const { schema } = tables
    const store = stepsOn(postgresStore(pool, { schema, deadlineMs: 20_000 }))
    const record = sampleRecord()
    const { owner, id, digest } = record
    const find = () => store.findByDigest([digest], shardOf(owner))
    await stepsOn(postgresStore(tables.pool, { schema })).insert(record, FREELY)
    await servers.caughtUp()

    const reads = [
      find(),
      store.find(owner, id),
      store.findById(id),
      store.feed.revision(),
      store.feed.changesSince('0-a'),
    ]
    const outcomes = await Promise.allSettled([...reads, store.insert(sampleRecord(), FREELY)])
    const messages = outcomes.map((outcome) => 'reason' in outcome && String(outcome.reason))
    expect(messages).toEqual(outcomes.map(() => expect.stringContaining('is a standby')))

    await servers.promote()
    await store.revoke(owner, id, revocationAt(NOW))
    const revision = await store.feed.revision()
    expect((await store.feed.changesSince(revision)).digests).toEqual([])
    proxy.retarget(servers.primary.port)
    expect(await find()).toMatchObject({ revokedAt: null })
    proxy.retarget(servers.standby.port)
    expect((await store.feed.changesSince(revision)).digests).toBe('reset')
    expect(await find()).toMatchObject({ revokedAt: NOW })
    await pool.end()
  })
})
