import { setTimeout as wait } from 'node:timers/promises'
import { describe, it } from 'vitest'
import { startCluster } from '../../redis/index.ts'
import { expectPromiseKept } from '../outcome.ts'
import { givenTokens } from './given-tokens.ts'
import { observe } from './observation.ts'
import { FEED, ownerAt } from './owner-at.ts'
import { openProcesses, openWriter } from './processes.ts'
import type { Connect } from './processes.ts'
import { timeService } from './service.ts'

const CONFIRMED = { minReplicas: 1 }

describe.concurrent('a cluster that loses the end of the change feed', { timeout: 90_000 }, () => {
  it('has nothing revoked accepted when a lagging replica takes over and the primary goes on', async (test) => {
    await using servers = await startCluster(3, { replicas: 1 })
    const primary = servers.homeOf(FEED)
    const replica = servers.replicaOf(primary)
    const connect: Connect = ({ cluster }) => cluster(servers.nodes.map(({ port }) => port))
    await using writer = openWriter(connect)
    await using processes = openProcesses(connect, { hasLeases: true })
    const owner = ownerAt((slot) => servers.homeOf(slot) !== primary)
    const { secrets, revokeBy } = await givenTokens(writer, processes, owner)

    servers.nodes[replica]?.freeze()
    await servers.client(primary).call('client', 'kill', 'type', 'replica')
    await revokeBy(writer)
    servers.nodes[primary]?.freeze()
    servers.nodes[replica]?.thaw()
    await servers.promoted(replica)
    servers.nodes[primary]?.thaw()
    await servers.settled()
    const observation = observe('Cluster, feed frozen, lagging replica promoted', processes.all, secrets)
    const service = timeService(processes.all, secrets.active)
    expectPromiseKept(test, await observation.end(service))
  })

  it('has nothing revoked accepted when its node restarts from an older snapshot', async (test) => {
    await using servers = await startCluster(3, { nodeTimeoutMs: 5_000 })
    const home = servers.homeOf(FEED)
    const options = { clusterNodeRetryStrategy: () => 50 }
    const connect: Connect = ({ cluster }) =>
      cluster(
        servers.nodes.map(({ port }) => port),
        options,
      )
    await using writer = openWriter(connect)
    await using processes = openProcesses(connect)
    const owner = ownerAt((slot) => servers.homeOf(slot) !== home)
    const { secrets, revokeBy } = await givenTokens(writer, processes, owner)

    await servers.client(home).save()
    await revokeBy(writer)
    await servers.nodes[home]?.restart()
    await servers.settled()
    const observation = observe('Cluster, feed restarted from older snapshot', processes.all, secrets)
    const service = timeService(processes.all, secrets.active)
    expectPromiseKept(test, await observation.end(service))
  })

  it('has nothing revoked accepted by a primary that goes on after most of its replicas left', async (test) => {
    const config = ['min-replicas-to-write 1', 'min-replicas-max-lag 3']
    await using servers = await startCluster(3, { replicas: 2, config })
    const primary = servers.homeOf(FEED)
    const connect: Connect = ({ cluster }) => cluster(servers.nodes.map(({ port }) => port))
    await using writer = openWriter(connect, CONFIRMED)
    await using processes = openProcesses(connect, CONFIRMED)
    const owner = ownerAt((slot) => servers.homeOf(slot) === primary)
    const { secrets, revokeBy } = await givenTokens(writer, processes, owner)

    servers.nodes[primary]?.freeze()
    await Promise.any([0, 1].map((which) => servers.promoted(servers.replicaOf(primary, which))))
    await using next = openWriter(connect, CONFIRMED)
    await revokeBy(next)
    const observation = observe('Cluster, primary frozen, deposed and back', processes.all, secrets)
    // Uses that wait for it are answered within the deadline.
    await wait(500)
    servers.nodes[primary]?.thaw()
    await servers.settled()
    const service = timeService(processes.all, secrets.active)
    expectPromiseKept(test, await observation.end(service))
  })
})
