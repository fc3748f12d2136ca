export { testAdapter } from './test-adapter.ts'
export type { Fixture } from './stage/fixture.ts'
export type { AdapterUnderTest, ServedFixture } from './stage/stage.ts'
