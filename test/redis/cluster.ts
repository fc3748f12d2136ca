import { Redis } from 'ioredis'
import { freePort } from '../support/free-port.ts'
import { orStop, until, withFreePorts } from '../support/servers/index.ts'
import { createSlotMove } from './move-slot.ts'
import type { Halfway } from './move-slot.ts'
import { startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'

const SLOTS = 16_384
/** After so long a replica gives up a planned failover. */
const GIVEN_UP_MS = 5_000

/** A Redis Cluster of 127.0.0.1. */
export interface RedisCluster extends AsyncDisposable {
  /** The first primaries, and then their replicas: with 3 primaries, node 3 is the first replica of node 0. */
  readonly nodes: readonly RedisServer[]
  /** The number of the node that is the first primary of a slot. */
  homeOf(slot: number): number
  /** The number of a primary's replica. */
  replicaOf(primary: number, which?: number): number
  /** A connection of the test's own to a node, by its number. */
  client(number: number): Redis
  /** Moves a slot with its keys from one node, by its number, to another, as `redis-cli` does, while it is in use. */
  moveSlot(slot: number, from: number, to: number, halfway?: Halfway): Promise<void>
  /** A planned failover: this replica takes over from its primary, the first one or a later one. Resolves when both know. */
  failOver(replica: number): Promise<void>
  /** Resolves when this node is a primary that serves slots. */
  promoted(number: number): Promise<void>
  /** Resolves when every node serves, and tells clients of every other. */
  settled(): Promise<void>
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** How many replicas each primary has. Default 0. */
  readonly replicas?: number
  /** After this time without an answer a node counts as gone. Default 2,000. */
  readonly nodeTimeoutMs?: number
  /** More lines of each node's `redis.conf`. */
  readonly config?: readonly string[]
}

/** @param size How many primaries there are. */
export async function startCluster(size = 3, options: ClusterOptions = {}): Promise<RedisCluster> {
  const { replicas = 0 } = options
  const count = size * (1 + replicas)
  const started = await Promise.all(Array.from({ length: count }, () => startNode(options)))
  const nodes = started.map(({ node }) => node)
  const clients = nodes.map(({ port }) =>
    new Redis(port, '127.0.0.1', { retryStrategy: () => 50 }).on('error', () => {}),
  )
  const share = Math.ceil(SLOTS / size)

  function client(number: number): Redis {
    const found = clients[number]
    if (found === undefined) throw new RangeError('no such node')
    return found
  }

  const isPrimary = async (number: number): Promise<boolean> => {
    const own = String(await client(number).cluster('NODES'))
      .split('\n')
      .find((line) => line.includes('myself'))
    return own !== undefined && own.includes('master') && own.split(' ').length > 8
  }

  /** Nodes that voted on the same primary a moment ago have no vote, and the replica gives up: then it is told again. */
  async function failOver(replica: number): Promise<void> {
    const others = [...nodes.keys()].filter((number) => number !== replica && number % size === replica % size)
    const leads = async () => (await isPrimary(replica)) && !(await Promise.all(others.map(isPrimary))).includes(true)
    // Who is a primary by now refuses.
    await client(replica)
      .call('cluster', 'failover')
      .catch(() => {})
    await until(leads, { atMostMs: GIVEN_UP_MS }).catch(() => failOver(replica))
  }

  async function stop(): Promise<void> {
    for (const node of clients) node.disconnect()
    await Promise.all(nodes.map((node) => node.stop()))
  }

  const ids = await orStop(stop, async () => {
    await join(clients, started, { size, share })
    const found = await Promise.all(clients.map((node) => node.cluster('MYID')))
    if (replicas > 0) await follow(clients, found, size)
    return found
  })

  return {
    nodes,
    homeOf: (slot) => Math.floor(slot / share),
    replicaOf: (primary, which = 0) => primary + size * (1 + which),
    client,
    moveSlot: createSlotMove(
      nodes.slice(0, size).map(({ port }, number) => ({ port, client: client(number), id: ids[number] ?? '' })),
    ),
    failOver,
    promoted: (number) => until(() => isPrimary(number)),
    async settled() {
      await Promise.all(clients.map((node) => until(() => isSettled(node, count))))
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Gives the primaries their slots, and makes all nodes known to all. */
async function join(
  clients: readonly Redis[],
  started: readonly StartedNode[],
  { size, share }: { readonly size: number; readonly share: number },
): Promise<void> {
  await Promise.all(clients.map((node, number) => node.call('cluster', 'set-config-epoch', number + 1)))
  for (const [number, node] of clients.slice(0, size).entries()) {
    await node.call('cluster', 'addslotsrange', number * share, Math.min(SLOTS, (number + 1) * share) - 1)
  }
  for (const { node, busPort } of started) await clients[0]?.call('cluster', 'meet', '127.0.0.1', node.port, busPort)
  await Promise.all(clients.map((node) => until(async () => isComplete(await node.cluster('INFO'), clients.length))))
}

/** Makes all nodes but the primaries their replicas. Resolves when these have caught up, and all nodes know of them. */
async function follow(clients: readonly Redis[], ids: readonly string[], size: number): Promise<void> {
  const replicas = clients.slice(size)
  for (const [number, node] of replicas.entries()) {
    await node.call('cluster', 'replicate', ids[number % size] ?? '')
  }
  await Promise.all(clients.map((node) => until(() => isSettled(node, clients.length))))
}

interface StartedNode {
  readonly node: RedisServer
  readonly busPort: number
}

function startNode({ nodeTimeoutMs = 2_000, config = [] }: ClusterOptions): Promise<StartedNode> {
  return withFreePorts(async () => {
    const busPort = await freePort()
    const cluster = ['cluster-enabled yes', `cluster-port ${busPort}`, 'cluster-config-file nodes.conf']
    const fast = [`cluster-node-timeout ${nodeTimeoutMs}`, 'repl-diskless-sync-delay 0', 'repl-ping-replica-period 1']
    return { node: await startRedis({ config: [...cluster, ...fast, ...config] }), busPort }
  })
}

function isComplete(info: unknown, size: number): boolean {
  const text = String(info)
  return text.includes('cluster_state:ok') && text.includes(`cluster_known_nodes:${size}`)
}

/** Whether a node serves, and tells clients of so many nodes: none fails, and each replica has what its primary has. */
async function isSettled(client: Redis, count: number): Promise<boolean> {
  if (!(await client.cluster('INFO')).includes('cluster_state:ok')) return false
  const slots = await client.cluster('SLOTS')
  return new Set(slots.flatMap(([, , ...nodes]) => nodes.map(([, port]) => port))).size === count
}
