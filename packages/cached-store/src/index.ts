export { cachedStore } from './cached-store.ts'
export type { CachedStoreOptions, Freshness } from './options.ts'
