export { stepsOn } from './steps/steps-on.ts'
export type { StepsOnStore } from './steps/steps-on.ts'
export { testTokenStore } from './test-token-store.ts'
export type { StoreUnderTest } from './stage/store-under-test.ts'
