import { Redis } from 'ioredis'
import { startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'
import { until } from './until.ts'

/** A primary with one replica, watched by one Sentinel that promotes the replica when the primary is gone. */
export interface WatchedPrimary extends AsyncDisposable {
  readonly primary: RedisServer
  readonly replica: RedisServer
  readonly sentinel: RedisServer
  /** The name that the primary goes by. */
  readonly name: string
  stop(): Promise<void>
}

const NAME = 'tokens'

export async function startSentinel(config: readonly string[] = []): Promise<WatchedPrimary> {
  const { primary, replica, stop: stopServers } = await startWithReplica(config)
  const sentinel = await startRedis({
    sentinel: true,
    config: [
      `sentinel monitor ${NAME} 127.0.0.1 ${primary.port} 1`,
      `sentinel down-after-milliseconds ${NAME} 300`,
      `sentinel failover-timeout ${NAME} 2000`,
    ],
  })
  const client = new Redis(sentinel.port, '127.0.0.1')
  await until(async () => ((await client.call('sentinel', 'replicas', NAME)) as unknown[]).length === 1)
  client.disconnect()

  async function stop(): Promise<void> {
    await sentinel.stop()
    await stopServers()
  }
  return { primary, replica, sentinel, name: NAME, stop, [Symbol.asyncDispose]: stop }
}

/** A primary with one replica that has caught up. */
export async function startWithReplica(config: readonly string[] = []): Promise<{
  readonly primary: RedisServer
  readonly replica: RedisServer
  stop(): Promise<void>
}> {
  const fast = ['repl-diskless-sync yes', 'repl-diskless-sync-delay 0', 'repl-ping-replica-period 1']
  const primary = await startRedis({ config: [...fast, ...config] })
  const replica = await startRedis({ config: [`replicaof 127.0.0.1 ${primary.port}`, ...fast, ...config] })
  const client = new Redis(primary.port, '127.0.0.1')
  await client.set('probe', '')
  await until(async () => (await client.wait(1, 500)) === 1)
  await client.del('probe')
  client.disconnect()
  return {
    primary,
    replica,
    async stop() {
      await Promise.all([primary.stop(), replica.stop()])
    },
  }
}
