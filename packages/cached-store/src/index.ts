export { cachedStore } from './cached-store.ts'
export type { CacheMessage } from './reading/observe.ts'
export type { CachedStoreOptions, Freshness } from './options.ts'
