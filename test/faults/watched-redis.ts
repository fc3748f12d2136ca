import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { startSentinel, until } from '../redis/index.ts'
import type { Keep, Scene } from './rounds.ts'

/** A primary and its replica under Sentinel, behind a service address that moves to whichever is primary. */
export interface WatchedRedis extends AsyncDisposable {
  readonly port: number
  /** A call counts only when the replica has what it changed, or has taken over: else a failover may lose it. */
  readonly keep: Keep
  /** Kills the primary; resolves when Sentinel has promoted the replica and the processes are connected with that. */
  failOver(scene: Scene): Promise<void>
}

export async function startWatchedRedis(): Promise<WatchedRedis> {
  const servers = await startSentinel({ config: ['appendonly yes', 'appendfsync always'] })
  // Commands fail when the primary has ended; the replica ends connections when it is promoted.
  const primary = clientOf(servers.primary.port, () => null)
  const replica = clientOf(servers.replica.port, () => 50)
  let isFailedOver = false

  async function isReplicated(): Promise<boolean> {
    try {
      // WAIT counts the replicas that have what this connection wrote, and all that others wrote before.
      await primary.set('barrier', '')
      return (await primary.wait(1, 500)) === 1
    } catch {
      return false
    }
  }

  return {
    port: servers.primary.port,
    async keep(call) {
      const hadFailedOver = isFailedOver
      const result = await call()
      return { result, isKept: hadFailedOver || (await isReplicated()) }
    },
    async failOver({ fleet, random }) {
      await wait(random.below(100))
      await servers.primary.kill()
      await until(async () => String(await replica.role()).startsWith('master'))
      isFailedOver = true
      for (const { proxy } of fleet.members) proxy.retarget(servers.replica.port)
    },
    async [Symbol.asyncDispose]() {
      for (const client of [primary, replica]) client.disconnect()
      await servers.stop()
    },
  }
}

function clientOf(port: number, retryStrategy: () => number | null): Redis {
  const client = new Redis(port, '127.0.0.1', { retryStrategy })
  client.on('error', () => {})
  return client
}
