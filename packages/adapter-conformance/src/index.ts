export { testAdapter } from './test-adapter.ts'
export type { Fixture } from './stage/fixture.ts'
export type { ServedFixture } from './stage/served.ts'
export type { AdapterUnderTest } from './stage/stage.ts'
