import { setTimeout as wait } from 'node:timers/promises'
import { StoreError } from '@tessera/core'
import { Redis } from 'ioredis'
import { describe, it } from 'vitest'
import { isLongRun } from '../../support/how-much.ts'
import { startSentinel, startWithReplica } from '../../redis/index.ts'
import type { RedisServer } from '../../redis/index.ts'
import { addOutcomes, expectPromiseKept } from '../outcome.ts'
import type { Outcome } from '../outcome.ts'
import { givenTokens } from './given-tokens.ts'
import { observe } from './observation.ts'
import { openProcesses, openWriter } from './processes.ts'
import type { Connect, ProcessOptions } from './processes.ts'
import { timeService } from './service.ts'

type Watched = Awaited<ReturnType<typeof startSentinel>>

interface Deposition {
  readonly scenario: string
  /** How long it is used before it is back; 0 if that comes first. */
  readonly apartMs: number
  /** Keeps the primary from the servers that follow and watch it, and from those only. */
  readonly cutOff: (servers: Watched) => void
  readonly bringBack: (servers: Watched) => void
}

const FROZEN: Deposition = {
  scenario: 'Sentinel, primary frozen, deposed and back',
  // Uses that wait for it are answered within the deadline, and their connections are kept.
  apartMs: 500,
  cutOff: ({ primary }) => primary.freeze(),
  bringBack: ({ primary }) => primary.thaw(),
}

const IDLE: Deposition = { ...FROZEN, scenario: 'Sentinel, primary frozen and back, then used', apartMs: 0 }

const CUT_OFF: Deposition = {
  scenario: 'Sentinel, primary and clients cut off together',
  // For longer than it takes its replicas to be there.
  apartMs: 3_000,
  cutOff: ({ link }) => link.vanish(),
  bringBack: ({ link }) => link.reappear(),
}

/** As Sentinel needs it: it makes a primary that is back a replica after 8 to 10 s. */
const BOUND_MS = 20_000

const configFor = (minReplicas: number) => [`min-replicas-to-write ${minReplicas}`, 'min-replicas-max-lag 3']

/** Has Sentinel depose a primary whose clients stay, and a token revoked by way of the next one. */
async function depose({ scenario, apartMs, cutOff, bringBack }: Deposition, options: ProcessOptions) {
  const { minReplicas = 0 } = options
  await using servers = await startSentinel({ replicas: 2, config: minReplicas > 0 ? configFor(minReplicas) : [] })
  const sentinels = [{ host: '127.0.0.1', port: servers.sentinel.port }]
  const connect: Connect = ({ redis }) => redis({ sentinels, name: servers.name, natMap: servers.natMap() })
  await using processes = openProcesses(connect, options)
  await using first = openWriter(connect, options)
  const { secrets, revokeBy } = await givenTokens(first, processes)
  await servers.caughtUp()

  cutOff(servers)
  await servers.promoted()
  await using writer = openWriter(connect, options)
  await revokeBy(writer)
  if (apartMs === 0) bringBack(servers)
  const observation = observe(scenario, processes.all, secrets)
  if (apartMs > 0) {
    await wait(apartMs)
    bringBack(servers)
  }
  await servers.demoted()
  return await observation.end(timeService(processes.all, secrets.active))
}

/** Has most of the nodes follow another primary than that of the processes. */
async function outvote(nodes: number, minReplicas: number, isCut: boolean): Promise<readonly Outcome[]> {
  await using servers = await startWithReplica({ replicas: nodes - 1, config: configFor(minReplicas) })
  const { primary, replica: next, replicas } = servers
  const options = { minReplicas }
  await using processes = openProcesses(({ redis }) => redis({ port: primary.port }), options)
  await using first = openWriter(({ redis }) => redis({ port: primary.port }), options)
  const { secrets, revokeBy } = await givenTokens(first, processes)
  await servers.caughtUp()

  // Less than half of the nodes hear of the next primary: too few to acknowledge anything.
  await follow(next, null)
  for (const replica of replicas.slice(1, minReplicas)) await follow(replica, next)
  await using writer = openWriter(({ redis }) => redis({ port: next.port }), options)
  const failure = await writer.tokens.revokeSecret(secrets.revoked).catch((error: unknown) => error)
  if (!(failure instanceof StoreError)) throw new Error('a minority acknowledged a revocation', { cause: failure })

  if (isCut) servers.link.vanish()
  await follow(replicas[minReplicas] ?? next, next)
  await revokeBy(writer)
  const scenario = `${nodes} nodes, most follow another primary${isCut ? ', and nobody closes a connection' : ''}`
  return await observe(scenario, processes.all, secrets).end()
}

/** Has a server follow another, or nobody: then it is a primary. */
async function follow(server: RedisServer, primary: RedisServer | null): Promise<void> {
  const client = new Redis(server.port)
  await (primary === null ? client.replicaof('NO', 'ONE') : client.replicaof('127.0.0.1', primary.port))
  client.disconnect()
}

describe.concurrent('a deposed primary that keeps its clients', { timeout: 90_000 }, () => {
  it('has nothing revoked accepted after it stood still, with minReplicas: 1 of three nodes', async (test) => {
    expectPromiseKept(test, await depose(FROZEN, { minReplicas: 1 }))
  })

  it('has nothing revoked accepted when it is used again later, with minReplicas: 1 of three nodes', async (test) => {
    expectPromiseKept(test, await depose(IDLE, { minReplicas: 1 }))
  })

  it('has nothing revoked accepted while it is cut off, with minReplicas: 1 of three nodes', async (test) => {
    expectPromiseKept(test, await depose(CUT_OFF, { minReplicas: 1 }))
  })

  it.for([
    { nodes: 3, minReplicas: 1, isCut: false },
    { nodes: 3, minReplicas: 1, isCut: true },
    { nodes: 5, minReplicas: 2, isCut: false },
    { nodes: 5, minReplicas: 2, isCut: true },
  ])('has no say against most of $nodes, cut off: $isCut', async ({ nodes, minReplicas, isCut }, test) => {
    expectPromiseKept(test, await outvote(nodes, minReplicas, isCut), { isBack: false })
  })

  const itLong = isLongRun ? it : null
  itLong?.('without minReplicas goes on until Sentinel makes it a replica', async ({ task, expect }) => {
    const outcomes = await depose({ ...IDLE, scenario: `${IDLE.scenario}, without minReplicas` }, {})
    addOutcomes(task, outcomes)
    for (const { process, accepted, lastAcceptedMs } of outcomes) {
      const what = `${process} accepted ${accepted} uses of a revoked token, the last after ${lastAcceptedMs} ms`
      expect(lastAcceptedMs ?? 0, what).toBeLessThan(BOUND_MS)
    }
  })
})
