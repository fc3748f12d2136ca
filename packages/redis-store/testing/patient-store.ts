import type { RedisClient } from '../src/client/client.ts'
import type { RedisStoreOptions } from '../src/client/options.ts'
import { openStore } from './open-store.ts'
import type { OpenStore } from './open-store.ts'

/** A store for tests that are not about time: a loaded machine is no failure. */
export function patientStore(client: RedisClient, options: RedisStoreOptions = {}): OpenStore {
  return openStore(client, { deadlineMs: 20_000, ...options })
}
