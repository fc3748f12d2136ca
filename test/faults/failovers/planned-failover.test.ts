import { Redis } from 'ioredis'
import { describe, it } from 'vitest'
import { startCluster, startWithReplica } from '../../redis/index.ts'
import { expectPromiseKept } from '../outcome.ts'
import { givenTokens } from './given-tokens.ts'
import { observe } from './observation.ts'
import { FEED, ownerAt } from './owner-at.ts'
import { openProcesses, openWriter } from './processes.ts'
import type { Connect } from './processes.ts'
import { timeService } from './service.ts'

describe.concurrent('a planned failover', { timeout: 90_000 }, () => {
  it('has nothing revoked accepted by processes that stay with the former primary', async (test) => {
    await using servers = await startWithReplica()
    await using writer = openWriter(({ redis }) => redis({ port: servers.replica.port, lazyConnect: true }))
    await using first = openWriter(({ redis }) => redis({ port: servers.primary.port }))
    await using processes = openProcesses(({ redis }) => redis({ port: servers.primary.port }), { hasLeases: true })
    const { secrets, revokeBy } = await givenTokens(first, processes)

    const admin = new Redis(servers.primary.port)
    await servers.failOver()
    // It follows a host that is not there.
    servers.link.vanish()
    await admin.call('replicaof', '127.0.0.1', servers.link.port)
    admin.disconnect()
    await revokeBy(writer)

    const observation = observe('FAILOVER, processes stay on a replica', processes.all, secrets)
    expectPromiseKept(test, await observation.end(), { isBack: false })
  })

  it('of a shard that processes do not use leaves them in service when a connection is cut', async (test) => {
    await using servers = await startCluster(3, { replicas: 1 })
    const feed = servers.homeOf(FEED)
    const [unused = -1, other = -1] = [0, 1, 2].filter((number) => number !== feed)
    const connect: Connect = ({ cluster }) => cluster(servers.nodes.map(({ port }) => port))
    await using writer = openWriter(connect)
    await using processes = openProcesses(connect)
    const owner = ownerAt((slot) => servers.homeOf(slot) === feed)
    const { secrets, revokeBy } = await givenTokens(writer, processes, owner)

    await servers.failOver(servers.replicaOf(unused))
    await servers.settled()
    await revokeBy(writer)
    await servers.client(other).call('client', 'kill', 'type', 'normal')

    const observation = observe('Cluster, planned failover of an unused shard', processes.all, secrets)
    const service = timeService(processes.all, secrets.active)
    expectPromiseKept(test, await observation.end(service))
  })
})
