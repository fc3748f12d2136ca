import { shardOf } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { cachedStore } from '@tessera/cached-store'
import { redisStore } from '@tessera/redis-store'
import { stepsOn } from '@tessera/store-conformance'
import { Cluster, Redis } from 'ioredis'
import { afterAll, describe, expect, it } from 'vitest'
import { startCluster, startRedis } from '../../redis/index.ts'
import { revocationAt } from '../../support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../support/sample-record.ts'
import { storeBeforeLeases } from './store-before-leases.ts'

const leaseMs = 50
const former = await storeBeforeLeases()
const server = await startRedis()
const cluster = await startCluster()
const clients = [
  ['on one server', new Redis({ port: server.port }), true],
  ['on a cluster', new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }))), false],
] as const

afterAll(async () => {
  for (const [, client] of clients) client.disconnect()
  await Promise.all([server.stop(), cluster.stop()])
})

// A clone without the history of the repository cannot build it. leases.test.ts of redis-store holds the fence there.
describe.skipIf(former === null)('a process of the version before leases', () => {
  it.each(clients)('announces nothing, and reads on, %s', async (_where, client, isOneNode) => {
    if (former === null) return
    const reader = former.cachedStore(former.redisStore(client))
    const writer = stepsOn(former.redisStore(client))
    const current = redisStore(client, { leaseMs })
    const leased = cachedStore(current, { freshness: 'leased' })
    const token = sampleRecord()
    const { owner, id, digest } = token
    await writer.insert(token, FREELY)
    const find = (store: TokenStore) => store.findByDigest([digest], shardOf(owner))
    for (const store of [reader, leased]) expect(await find(store)).toMatchObject({ revokedAt: null })
    const before = await current.feed.changesSince('')

    await expect(writer.revoke(owner, id, revocationAt(NOW))).rejects.toThrow('failed to change tokens')
    expect(await current.feed.changesSince('')).toEqual(before)
    if (isOneNode) expect(await current.find(owner, id)).toMatchObject({ revokedAt: null })
    for (const store of [reader, leased]) expect(await find(store)).toMatchObject({ revokedAt: null })

    await stepsOn(current).revoke(owner, id, revocationAt(NOW + 1))
    for (const store of [reader, leased]) expect(await find(store)).not.toMatchObject({ revokedAt: null })
  })
})
