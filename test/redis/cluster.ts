import { Redis } from 'ioredis'
import { freePort } from '../support/free-port.ts'
import { startRedis, withFreePorts } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'
import { until } from './until.ts'

const SLOTS = 16_384
const MOST_KEYS = 1_000

/** A Redis Cluster of primaries without replicas. */
export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[]
  /** Moves a slot with its keys from one node, by its number, to another, as `redis-cli` does, while it is in use. */
  moveSlot(slot: number, from: number, to: number, halfway?: Halfway): Promise<void>
  stop(): Promise<void>
}

/** What happens in the middle of a move: when the keys chosen to go `first` have gone, and the others not yet. */
export interface Halfway {
  readonly first: (key: string) => boolean
  readonly work: () => Promise<void>
}

const AT_ONCE: Halfway = { first: () => true, async work() {} }

export async function startCluster(size = 3): Promise<RedisCluster> {
  const started = await Promise.all(Array.from({ length: size }, startNode))
  const nodes = started.map(({ node }) => node)
  const clients = nodes.map(({ port }) => new Redis(port, '127.0.0.1').on('error', () => {}))
  const share = Math.ceil(SLOTS / size)
  await Promise.all(
    clients.map(async (client, number) => {
      await client.call('cluster', 'set-config-epoch', number + 1)
      await client.call('cluster', 'addslotsrange', number * share, Math.min(SLOTS, (number + 1) * share) - 1)
    }),
  )
  for (const { node, busPort } of started) await clients[0]?.call('cluster', 'meet', '127.0.0.1', node.port, busPort)
  await Promise.all(clients.map((client) => until(async () => isComplete(await client.cluster('INFO'), size))))
  const ids = await Promise.all(clients.map((client) => client.cluster('MYID')))

  async function stop(): Promise<void> {
    for (const client of clients) client.disconnect()
    await Promise.all(nodes.map((node) => node.stop()))
  }

  return {
    nodes,
    stop,
    [Symbol.asyncDispose]: stop,
    async moveSlot(slot, from, to, halfway = AT_ONCE) {
      const [source, target, port] = [clients[from], clients[to], nodes[to]?.port]
      if (source === undefined || target === undefined || port === undefined) throw new RangeError('no such node')
      await target.call('cluster', 'setslot', slot, 'importing', ids[from] ?? '')
      await source.call('cluster', 'setslot', slot, 'migrating', ids[to] ?? '')
      const moveKeys = async (isMeant: (key: string) => boolean): Promise<void> => {
        const keys = (await source.callBuffer('cluster', 'getkeysinslot', slot, MOST_KEYS)) as Buffer[]
        const meant = keys.filter((key) => isMeant(String(key)))
        for (const key of meant) await source.callBuffer('migrate', '127.0.0.1', port, key, 0, 5_000)
        if (meant.length > 0) await moveKeys(isMeant)
      }
      await moveKeys(halfway.first)
      await halfway.work()
      await moveKeys(() => true)
      for (const client of [target, source, ...clients]) {
        await client.call('cluster', 'setslot', slot, 'node', ids[to] ?? '')
      }
      // Until a node has heard of the new owner's epoch, word of the former one that is still under way takes it back.
      const epoch = /cluster_my_epoch:(\d+)/.exec(await target.cluster('INFO'))?.[1] ?? ''
      const agrees = async (client: Redis) =>
        knowsOwner(String(await client.cluster('NODES')), ids[to] ?? '', epoch, slot)
      await Promise.all(clients.map((client) => until(() => agrees(client))))
    },
  }
}

function startNode(): Promise<{ node: RedisServer; busPort: number }> {
  return withFreePorts(async () => {
    const busPort = await freePort()
    const config = ['cluster-enabled yes', `cluster-port ${busPort}`, 'cluster-node-timeout 2000']
    return { node: await startRedis({ config: [...config, 'cluster-config-file nodes.conf'] }), busPort }
  })
}

/** Whether a node's list of all nodes shows that one, at this epoch, as the owner of a slot. */
function knowsOwner(list: string, id: string, epoch: string, slot: number): boolean {
  const fields =
    list
      .split('\n')
      .find((line) => line.startsWith(id))
      ?.split(' ') ?? []
  const ranges = fields.slice(8).map((range) => range.split('-').map(Number))
  return fields[6] === epoch && ranges.some(([first = -1, last = first]) => first <= slot && slot <= last)
}

function isComplete(info: unknown, size: number): boolean {
  const text = String(info)
  return text.includes('cluster_state:ok') && text.includes(`cluster_known_nodes:${size}`)
}
