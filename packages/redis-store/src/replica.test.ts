import { StoreError, shardOf } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { startProxy, startRedis, startWithReplica, until } from '../../../test/redis/index.ts'
import { revocationAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import { openStore } from '../testing/open-store.ts'
import type { OpenStore } from '../testing/open-store.ts'

const SHARD = shardOf('acme')
const { owner, id, digest } = sampleRecord()
const IDEMPOTENCY = { key: 'deploy-42', fingerprint: 'f', expiresAt: NOW + 1 }
const SORT = { by: 'createdAt', direction: 'asc' } as const

const READS: Readonly<Record<string, (store: OpenStore) => Promise<unknown>>> = {
  findByDigest: (store) => store.findByDigest([digest], SHARD),
  'findByDigest of several': (store) => store.findByDigest([sampleRecord().digest, digest], SHARD),
  find: (store) => store.find(owner, id),
  list: (store) => store.list({ owner, now: NOW, statuses: null, name: null, sort: SORT, window: 'all' }),
  findRequest: (store) => store.findRequest(owner, IDEMPOTENCY, NOW),
  revision: (store) => store.feed.revision(),
  changesSince: (store) => store.feed.changesSince(''),
}

describe.each(MAJORS)('a primary that becomes a replica and keeps its connections, %s', (_name, { redis }) => {
  it('answers no read, whatever is asked first', { timeout: 30_000 }, async () => {
    await using pair = await startWithReplica()
    const clients = Object.values(READS).map((read) => ({ read, client: redis({ port: pair.primary.port }) }))
    await Promise.all(clients.map(({ client }) => openStore(client).ready()))
    const stores = clients.map(({ client, read }) => ({ read, store: openStore(client) }))
    await stores[0]?.store.insert({ ...sampleRecord(), owner, id, digest }, { ...FREELY, idempotency: IDEMPOTENCY })
    for (const { read, store } of stores) expect(await read(store)).not.toBeNull()
    await pair.failOver()
    const answers = await Promise.all(stores.map(({ read, store }) => read(store).catch((error: unknown) => error)))
    for (const { client } of clients) client.disconnect()
    for (const answer of answers) {
      expect(answer).toBeInstanceOf(StoreError)
      expect(String(answer)).toMatch(/READONLY/)
    }
  })

  it('is left for the new primary, where that has its address', { timeout: 30_000 }, async () => {
    await using pair = await startWithReplica()
    await using address = await startProxy(pair.primary.port)
    await withClient(redis({ port: address.port }), async (client) => {
      const store = openStore(client)
      const record = sampleRecord()
      await store.insert(record, FREELY)
      await pair.failOver()
      address.retarget(pair.replica.port)
      const revoke = () => store.revoke(record.owner, record.id, revocationAt(NOW))
      await until(async () => (await revoke().catch(() => null)) !== null, { atMostMs: 2_000 })
      expect(await store.findByDigest([record.digest], SHARD)).toMatchObject({ revokedAt: NOW })
    })
  })
})

describe.each(MAJORS)('a primary that refuses writes, %s', (_name, { redis }) => {
  it('goes on reading when it cannot save to its disk', async () => {
    await using server = await startRedis({ config: ['enable-protected-configs yes'] })
    await withClient(redis({ port: server.port }), async (client) => {
      const store = openStore(client)
      await store.insert({ ...sampleRecord(), owner, id, digest }, { ...FREELY, idempotency: IDEMPOTENCY })
      await store.feed.revision()
      await client.call('config', ['set', 'save', '3600 1', 'dir', '/proc'])
      await client.call('bgsave', [])
      await until(async () => String(await client.call('info', ['persistence'])).includes('bgsave_status:err'))
      await expect(store.insert(sampleRecord(), FREELY)).rejects.toThrow('MISCONF')
      const { findRequest: _, ...reads } = READS
      for (const read of Object.values(reads)) expect(await read(store)).not.toBeNull()
      await withClient(redis({ port: server.port }), async (later) => {
        expect(await openStore(later).findByDigest([digest], SHARD)).toMatchObject({ id })
      })
    })
  })

  it('goes on reading when the server has fewer replicas than it wants, which the store asks nothing of', async () => {
    await using server = await startRedis()
    await withClient(redis({ port: server.port }), async (client) => {
      const store = openStore(client)
      await store.insert({ ...sampleRecord(), owner, id, digest }, FREELY)
      await store.feed.revision()
      await client.call('config', ['set', 'min-replicas-to-write', '1'])
      const { findRequest: _, ...reads } = READS
      for (const read of Object.values(reads)) expect(await read(store)).not.toBeNull()
    })
  })
})
