import { describe, it } from 'vitest'
import { startCluster, startSentinel } from '../../redis/index.ts'
import { expectPromiseKept } from '../outcome.ts'
import { givenTokens } from './given-tokens.ts'
import { observe } from './observation.ts'
import { FEED, ownerAt } from './owner-at.ts'
import { openProcesses, openWriter } from './processes.ts'
import type { Connect } from './processes.ts'
import { timeService } from './service.ts'

describe.concurrent('a host that vanishes and closes no connection', { timeout: 90_000 }, () => {
  it.for([
    ['host of the primary', 1],
    ['host of the primary and of a Sentinel', 3],
  ] as const)(
    'costs service for 2 s at most after Sentinel has promoted a replica: %s',
    async ([host, count], test) => {
      const scenario = `Sentinel, ${host} vanished`
      await using servers = await startSentinel({ sentinels: count })
      const sentinels = servers.sentinels.map(({ port }) => ({ host: '127.0.0.1', port }))
      // By default a client waits 10 s for a Sentinel that is gone.
      const options = { sentinels, name: servers.name, natMap: servers.natMap(), connectTimeout: 500 }
      const connect: Connect = ({ redis }) => redis(options)
      await using processes = openProcesses(connect)
      await using first = openWriter(connect)
      const { secrets, revokeBy } = await givenTokens(first, processes)
      await servers.caughtUp()
      processes.keepBusy(secrets.active)

      if (count > 1) await servers.sentinel.vanish()
      await servers.primary.vanish()
      const promoted = await servers.promoted()
      const service = timeService(processes.all, secrets.active)
      await using writer = openWriter(({ redis }) => redis({ port: promoted.port }))
      await revokeBy(writer)

      const observation = observe(scenario, processes.all, secrets)
      expectPromiseKept(test, await observation.end(service))
    },
  )

  it.for([
    ['host of a primary', true],
    ['host of an unused shard', false],
  ] as const)(
    'costs service for 2 s at most after a Cluster has promoted a replica: %s',
    async ([host, isUsed], test) => {
      const scenario = `Cluster, ${host} vanished`
      await using servers = await startCluster(3, { replicas: 1 })
      const home = servers.homeOf(FEED)
      const [primary = home, other = home] = [0, 1, 2].filter((number) => (number === home) === isUsed)
      // By default a client does not ask again who serves a slot, and may wait 10 s for a node that is gone.
      const options = { slotsRefreshInterval: 500, redisOptions: { connectTimeout: 500 } }
      const ports = servers.nodes.map(({ port }) => port)
      const connect: Connect = ({ cluster }) => cluster(ports, options)
      await using processes = openProcesses(connect)
      await using first = openWriter(connect)
      const owner = ownerAt((slot) => servers.homeOf(slot) === home)
      const { secrets, revokeBy } = await givenTokens(first, processes, owner)
      // WAIT counts for what its own connection wrote, and all that others wrote before.
      await servers.client(home).set('{feed}barrier', '')
      await servers.client(home).wait(1, 5_000)
      processes.keepBusy(secrets.active)

      await servers.nodes[primary]?.vanish()
      await servers.promoted(servers.replicaOf(primary))
      const service = timeService(processes.all, secrets.active)
      if (!isUsed) await servers.client(other).call('client', 'kill', 'type', 'normal')
      await using writer = openWriter(connect)
      await revokeBy(writer)

      const observation = observe(scenario, processes.all, secrets)
      expectPromiseKept(test, await observation.end(service))
    },
  )
})
