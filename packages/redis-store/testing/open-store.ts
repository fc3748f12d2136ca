import { stepsOn } from '@tessera/store-conformance'
import type { StepsOnStore } from '@tessera/store-conformance'
import { redisStore } from '../src/redis-store.ts'
import type { RedisStore } from '../src/redis-store.ts'

/** A store whose steps a test can take one by one. */
export type OpenStore = RedisStore & StepsOnStore

export function openStore(...args: Parameters<typeof redisStore>): OpenStore {
  return stepsOn(redisStore(...args))
}
