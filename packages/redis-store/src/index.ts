export type { Argument, RedisClient, RedisPipeline } from './client.ts'
export type { RedisStoreOptions } from './options.ts'
export { redisStore } from './redis-store.ts'
export type { RedisStore } from './redis-store.ts'
