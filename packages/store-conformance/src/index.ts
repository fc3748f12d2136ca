export { testTokenStore } from './test-token-store.ts'
export type { StoreUnderTest } from './store-under-test.ts'
