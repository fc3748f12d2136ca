import { shardOf } from '@tessera/core'
import { describe, it } from 'vitest'
import { slotOf } from '../../../packages/redis-store/src/text/slot.ts'
import { startCluster } from '../../redis/index.ts'
import { addUp, expectPromiseKept } from '../outcome.ts'
import type { Outcome } from '../outcome.ts'
import { givenTokens } from './given-tokens.ts'
import { observe } from './observation.ts'
import { FEED, ownerAt } from './owner-at.ts'
import { openProcesses, openWriter } from './processes.ts'
import type { Connect } from './processes.ts'
import { timeService } from './service.ts'

const NODES = 3
const ROUNDS = Number(process.env['TESSERA_FAULT_CHECKS'] ?? 2_000) / 200
const USES = 10

describe('a cluster whose slots move', { timeout: 120_000 }, () => {
  it('has nothing revoked accepted while those of the feed and of the tokens go from node to node', async (test) => {
    await using servers = await startCluster(NODES)
    const connect: Connect = ({ cluster }) => cluster(servers.nodes.map(({ port }) => port))
    await using writer = openWriter(connect)
    await using processes = openProcesses(connect)
    const owner = ownerAt((slot) => servers.homeOf(slot) !== servers.homeOf(FEED))
    const rounds: (readonly Outcome[])[] = []

    async function move(): Promise<void> {
      for (const slot of [FEED, slotOf(shardOf(owner))]) {
        const home = servers.homeOf(slot)
        for (let step = 0; step < NODES; step += 1) {
          await servers.moveSlot(slot, (home + step) % NODES, (home + step + 1) % NODES)
        }
      }
      if (rounds.length < ROUNDS) await move()
    }

    async function use(isLast = false): Promise<void> {
      const { secrets, revokeBy } = await givenTokens(writer, processes, owner)
      await revokeBy(writer)
      const observation = observe('Cluster, slots move', processes.all, secrets)
      const service = isLast ? timeService(processes.all, secrets.active) : Promise.resolve([])
      rounds.push(await observation.end(service, USES))
      if (rounds.length < ROUNDS) await use()
    }

    await Promise.all([move(), use()])
    await use(true)
    expectPromiseKept(test, addUp(rounds))
  })
})
