import { Redis } from 'ioredis'
import { freePort } from '../support/free-port.ts'
import { orStop, startProxy, until, withFreePorts } from '../support/servers/index.ts'
import type { Proxy } from '../support/servers/index.ts'
import { startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'

/** A primary with replicas that have caught up. */
export interface ReplicatedRedis extends AsyncDisposable {
  readonly primary: RedisServer
  /** The first of the replicas. */
  readonly replica: RedisServer
  readonly replicas: readonly RedisServer[]
  /** Between the primary and the servers that follow or watch it. Its clients go to the primary itself. */
  readonly link: Proxy
  /** Resolves when all replicas have what the primary has. */
  caughtUp(): Promise<void>
  /** A planned failover: the replica takes over from the primary. Resolves when both know. */
  failOver(): Promise<void>
  stop(): Promise<void>
}

export interface ReplicationOptions {
  /** Lines of each server's `redis.conf`. */
  readonly config?: readonly string[]
  /** How many replicas there are. Default 1. */
  readonly replicas?: number
}

const FAST = ['repl-diskless-sync yes', 'repl-diskless-sync-delay 0', 'repl-ping-replica-period 1']

export function startWithReplica(options: ReplicationOptions = {}): Promise<ReplicatedRedis> {
  return withFreePorts(() => start(options))
}

async function start({ config = [], replicas: count = 1 }: ReplicationOptions): Promise<ReplicatedRedis> {
  const linkPort = await freePort()
  const lines = [...FAST, ...config]
  const primary = await startRedis({ config: [`replica-announce-port ${linkPort}`, ...lines] })
  const link = await orStop(primary.stop, () => startProxy(primary.port, linkPort))
  const replicas: RedisServer[] = []

  async function stop(): Promise<void> {
    await Promise.all([primary, ...replicas].map((server) => server.stop()))
    await link.stop()
  }

  function caughtUp(): Promise<void> {
    return withAdmin(primary, async (client) => {
      await until(async () => (await client.set('probe', '').catch(() => null)) === 'OK')
      // WAIT counts for what its own connection wrote, and all that others wrote before.
      await client.del('probe')
      await until(async () => (await client.wait(count, 500)) === count)
    })
  }

  const replica = await orStop(stop, async () => {
    for (let number = 0; number < count; number += 1) {
      replicas.push(await startRedis({ config: [`replicaof 127.0.0.1 ${linkPort}`, ...lines] }))
    }
    await caughtUp()
    const [first] = replicas
    if (first === undefined) throw new RangeError('there is no replica')
    return first
  })
  const isPrimary = async (client: Redis) => String(await client.role()).startsWith('master')

  return {
    primary,
    replica,
    replicas,
    link,
    caughtUp,
    failOver: () =>
      withAdmin(primary, async (former) => {
        await former.call('failover', 'to', '127.0.0.1', replica.port)
        await withAdmin(replica, (next) => until(() => isPrimary(next)))
        await until(async () => !(await isPrimary(former)))
      }),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Calls `use` with a connection of its own to the server. */
async function withAdmin(server: RedisServer, use: (client: Redis) => Promise<void>): Promise<void> {
  const client = new Redis(server.port, '127.0.0.1', { retryStrategy: () => 50 })
  client.on('error', () => {})
  try {
    await use(client)
  } finally {
    client.disconnect()
  }
}
