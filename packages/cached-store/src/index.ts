export { cachedStore } from './cached-store.ts'
export type { CacheMessage } from './observe.ts'
export type { CachedStoreOptions, Freshness } from './options.ts'
