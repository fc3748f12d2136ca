import type { RedisClient } from '../src/client.ts'
import type { RedisStoreOptions } from '../src/options.ts'
import { redisStore } from '../src/redis-store.ts'
import type { RedisStore } from '../src/redis-store.ts'

/** A store for tests that are not about time: a loaded machine is no failure. */
export function patientStore(client: RedisClient, options: RedisStoreOptions = {}): RedisStore {
  return redisStore(client, { deadlineMs: 20_000, ...options })
}
