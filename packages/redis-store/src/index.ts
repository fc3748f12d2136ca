export type { Argument, RedisClient, RedisPipeline } from './client/client.ts'
export type { RedisStoreOptions } from './client/options.ts'
export { redisStore } from './redis-store.ts'
export type { RedisStore } from './redis-store.ts'
