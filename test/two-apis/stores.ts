import { cachedStore } from '@tessera/cached-store'
import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { redisStore } from '@tessera/redis-store'
import { sqliteStore } from '@tessera/sqlite-store'
import { Redis } from 'ioredis'
import Database from 'libsql'
import { startRedis } from '../redis/index.ts'

export interface Stores {
  /** Each of them new and empty, by its name. */
  readonly create: Readonly<Record<string, () => TokenStore>>
  stop(): Promise<void>
}

/** The stores on which two APIs are put. */
export async function openStores(): Promise<Stores> {
  const server = await startRedis()
  const client = new Redis({ port: server.port })
  let made = 0
  const redis = () => {
    made += 1
    return redisStore(client, { keyPrefix: `${made}:` })
  }
  return {
    create: {
      memory: memoryStore,
      'memory with a cache': () => cachedStore(memoryStore()),
      sqlite: () => sqliteStore(new Database(':memory:')),
      redis,
      'redis with a cache': () => cachedStore(redis()),
    },
    async stop() {
      client.disconnect()
      await server.stop()
    },
  }
}
