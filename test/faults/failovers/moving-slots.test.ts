import { shardOf } from '@tessera/core'
import { describe, it } from 'vitest'
import { slotOf } from '../../../packages/redis-store/src/text/slot.ts'
import { startCluster } from '../../redis/index.ts'
import { isLongRun } from '../../support/how-much.ts'
import { addUp, expectPromiseKept } from '../outcome.ts'
import type { Outcome } from '../outcome.ts'
import { TIMEOUT_MS } from '../settings.ts'
import { givenTokens } from './given-tokens.ts'
import { observe } from './observation.ts'
import { FEED, ownerAt } from './owner-at.ts'
import { openProcesses, openWriter } from './processes.ts'
import type { Connect } from './processes.ts'
import { timeService } from './service.ts'

const NODES = 3
const ROUNDS = Number(process.env['TESSERA_FAULT_CHECKS'] ?? 2_000) / 200
const USES = 10

type Cluster = Awaited<ReturnType<typeof startCluster>>

/** What happens to a cluster again and again, and leaves it as it was; called with the slot of an owner's tokens. */
type Turn = (servers: Cluster, slot: number) => Promise<void>

interface Change {
  readonly replicas: number
  readonly turn: Turn
  readonly isLong?: boolean
}

const CHANGES: Readonly<Record<string, Change>> = {
  'the slots of the feed and of the tokens go from node to node': {
    replicas: 0,
    async turn(servers, slot) {
      for (const each of [FEED, slot]) {
        const home = servers.homeOf(each)
        for (let step = 0; step < NODES; step += 1) {
          await servers.moveSlot(each, (home + step) % NODES, (home + step + 1) % NODES)
        }
      }
    },
  },
  // No connection ends, and nobody tells a client. Nodes vote on the same primary once in four seconds.
  'the nodes of the feed and of the tokens fail over and back': {
    replicas: 1,
    isLong: true,
    async turn(servers, slot) {
      for (const home of [FEED, slot].map(servers.homeOf)) {
        for (const next of [servers.replicaOf(home), home]) {
          await servers.failOver(next)
          await servers.settled()
        }
      }
    },
  },
}

const changes = Object.entries(CHANGES).filter(([, { isLong = false }]) => isLongRun || !isLong)

describe.concurrent('a cluster whose slots change hands', { timeout: 2 * TIMEOUT_MS }, () => {
  it.for(changes)('has nothing revoked accepted while %s', async ([name, { replicas, turn }], test) => {
    await using servers = await startCluster(NODES, { replicas })
    const connect: Connect = ({ cluster }) => cluster(servers.nodes.map(({ port }) => port))
    await using writer = openWriter(connect)
    await using processes = openProcesses(connect)
    const owner = ownerAt((slot) => servers.homeOf(slot) !== servers.homeOf(FEED))
    const rounds: (readonly Outcome[])[] = []

    async function change(): Promise<void> {
      await turn(servers, slotOf(shardOf(owner)))
      if (rounds.length < ROUNDS) await change()
    }

    async function use(isLast = false): Promise<void> {
      const { secrets, revokeBy } = await givenTokens(writer, processes, owner)
      await revokeBy(writer)
      const observation = observe(`Cluster, ${name}`, processes.all, secrets)
      const service = isLast ? timeService(processes.all, secrets.active) : Promise.resolve([])
      rounds.push(await observation.end(service, USES))
      if (rounds.length < ROUNDS) await use()
    }

    await Promise.all([change(), use()])
    await use(true)
    expectPromiseKept(test, addUp(rounds))
  })
})
