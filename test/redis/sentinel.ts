import { Redis } from 'ioredis'
import { orStop, until } from '../support/servers/index.ts'
import { startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'
import { startWithReplica } from './replicated.ts'
import type { ReplicatedRedis, ReplicationOptions } from './replicated.ts'

/** A primary with replicas, watched by Sentinels that promote a replica when the primary is gone. */
export interface WatchedPrimary extends ReplicatedRedis {
  /** The first of the Sentinels. */
  readonly sentinel: RedisServer
  readonly sentinels: readonly RedisServer[]
  /** The name that the primary goes by. */
  readonly name: string
  /** For clients: the way to the first primary that is not the link. */
  natMap(): Record<string, { host: string; port: number }>
  /** Resolves to the replica that was promoted, when the last of the Sentinels names it. */
  promoted(): Promise<RedisServer>
  /** Resolves when the first primary has been made a replica, as Sentinel does some 10 s after it is back. */
  demoted(): Promise<void>
}

export interface SentinelOptions extends ReplicationOptions {
  /** How many Sentinels there are; most of them must agree. Default 1. */
  readonly sentinels?: number
  /** After this time without an answer the primary counts as gone. Default 1,000. */
  readonly downAfterMs?: number
}

const NAME = 'tokens'

export async function startSentinel(options: SentinelOptions = {}): Promise<WatchedPrimary> {
  const { sentinels: count = 1, downAfterMs = 1_000 } = options
  const servers = await startWithReplica(options)
  const config = [
    `sentinel monitor ${NAME} 127.0.0.1 ${servers.link.port} ${Math.floor(count / 2) + 1}`,
    `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
    `sentinel failover-timeout ${NAME} 2000`,
  ]
  const sentinels: RedisServer[] = []

  async function stop(): Promise<void> {
    await Promise.all(sentinels.map((server) => server.stop()))
    await servers.stop()
  }

  const sentinel = await orStop(stop, async () => {
    for (let number = 0; number < count; number += 1) sentinels.push(await startRedis({ sentinel: true, config }))
    await Promise.all(sentinels.map(({ port }) => knowsAll(port, servers.replicas.length, count)))
    const [first] = sentinels
    if (first === undefined) throw new RangeError('there is no Sentinel')
    return first
  })

  return {
    ...servers,
    sentinel,
    sentinels,
    name: NAME,
    natMap: () => ({ [`127.0.0.1:${servers.link.port}`]: { host: '127.0.0.1', port: servers.primary.port } }),
    async promoted() {
      const promoted = await Promise.any(servers.replicas.map(promotionOf))
      await names(sentinels.at(-1)?.port ?? 0, promoted)
      return promoted
    },
    demoted: () => asking(servers.primary.port, (client) => hasRole(client, 'slave')),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Resolves when a Sentinel knows of the replicas and of the other Sentinels. */
async function knowsAll(port: number, replicas: number, sentinels: number): Promise<void> {
  await asking(port, async (client) => {
    const count = async (what: string) => ((await client.call('sentinel', what, NAME)) as unknown[]).length
    await until(async () => (await count('replicas')) === replicas && (await count('sentinels')) === sentinels - 1)
  })
}

/** Resolves when a Sentinel gives clients the address of that primary. */
async function names(port: number, primary: RedisServer): Promise<void> {
  await asking(port, (client) =>
    until(async () =>
      String(await client.call('sentinel', 'get-master-addr-by-name', NAME)).endsWith(`,${primary.port}`),
    ),
  )
}

async function promotionOf(replica: RedisServer): Promise<RedisServer> {
  await asking(replica.port, (client) => hasRole(client, 'master'))
  return replica
}

/** Resolves when a server has this role; it may disconnect its clients before. */
function hasRole(client: Redis, role: string): Promise<void> {
  return until(async () => String(await client.role().catch(() => '')).startsWith(role), { atMostMs: 40_000 })
}

async function asking(port: number, ask: (client: Redis) => Promise<void>): Promise<void> {
  const client = new Redis(port, '127.0.0.1')
  client.on('error', () => {})
  try {
    await ask(client)
  } finally {
    client.disconnect()
  }
}
