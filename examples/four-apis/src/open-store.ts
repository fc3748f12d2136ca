import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'
import { FlagError } from './flags.ts'

/** A store, and how to let go of what it was opened on. */
export interface OpenStore {
  readonly store: TokenStore
  readonly close: () => void
}

/** @throws FlagError for a URL that names no store */
export function openStore(url: string): OpenStore {
  if (url === 'memory:') return { store: memoryStore(), close: () => {} }
  if (/^rediss?:\/\/\S+$/.test(url) && URL.canParse(url)) return openRedis(url)
  // The URL itself may hold a password.
  throw new FlagError('--store must be memory: or redis://host:port/db')
}

function openRedis(url: string): OpenStore {
  const client = new Redis(url, { retryStrategy: (attempt) => Math.min(attempt * 50, 500), maxLoadingRetryTime: 200 })
  // The client connects again by itself. What fails meanwhile is answered with 503, and told of, where it is asked for.
  client.on('error', () => {})
  return { store: redisStore(client), close: () => client.disconnect() }
}
