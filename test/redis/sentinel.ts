import { Redis } from 'ioredis'
import { startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'
import { startWithReplica } from './replicated.ts'
import type { ReplicatedRedis, ReplicationOptions } from './replicated.ts'
import { until } from './until.ts'

/** A primary with replicas, watched by Sentinels that promote a replica when the primary is gone. */
export interface WatchedPrimary extends ReplicatedRedis {
  /** The first of the Sentinels. */
  readonly sentinel: RedisServer
  readonly sentinels: readonly RedisServer[]
  /** The name that the primary goes by. */
  readonly name: string
  /** For clients: the way to the first primary that is not the link. Default: its own port. */
  natMap(port?: number): Record<string, { host: string; port: number }>
  /** Resolves to the replica that was promoted. */
  promoted(): Promise<RedisServer>
}

export interface SentinelOptions extends ReplicationOptions {
  /** How many Sentinels there are; most of them must agree. Default 1. */
  readonly sentinels?: number
  /** After this time without an answer the primary counts as gone. Default 300. */
  readonly downAfterMs?: number
}

const NAME = 'tokens'

export async function startSentinel(options: SentinelOptions = {}): Promise<WatchedPrimary> {
  const { sentinels: count = 1, downAfterMs = 300 } = options
  const servers = await startWithReplica(options)
  const config = [
    `sentinel monitor ${NAME} 127.0.0.1 ${servers.link.port} ${Math.floor(count / 2) + 1}`,
    `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
    `sentinel failover-timeout ${NAME} 2000`,
  ]
  const sentinels = await Promise.all(Array.from({ length: count }, () => startRedis({ sentinel: true, config })))
  const [sentinel] = sentinels
  if (sentinel === undefined) throw new RangeError('there is no Sentinel')
  await Promise.all(sentinels.map(({ port }) => knowsAll(port, servers.replicas.length, count)))

  async function stop(): Promise<void> {
    await Promise.all(sentinels.map((server) => server.stop()))
    await servers.stop()
  }

  return {
    ...servers,
    sentinel,
    sentinels,
    name: NAME,
    natMap: (port = servers.primary.port) => ({ [`127.0.0.1:${servers.link.port}`]: { host: '127.0.0.1', port } }),
    promoted: () => Promise.any(servers.replicas.map(promotionOf)),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Resolves when a Sentinel knows of the replicas and of the other Sentinels. */
async function knowsAll(port: number, replicas: number, sentinels: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1')
  const count = async (what: string) => ((await client.call('sentinel', what, NAME)) as unknown[]).length
  try {
    await until(async () => (await count('replicas')) === replicas && (await count('sentinels')) === sentinels - 1)
  } finally {
    client.disconnect()
  }
}

async function promotionOf(replica: RedisServer): Promise<RedisServer> {
  const client = new Redis(replica.port, '127.0.0.1')
  client.on('error', () => {})
  try {
    await until(async () => String(await client.role()).startsWith('master'))
    return replica
  } finally {
    client.disconnect()
  }
}
