import type { Suite } from '../harness/bench.ts'
import { cachedGroup, verifyGroup } from './verify.ts'

/** What a verification costs where nothing leaves the process. */
export const inProcess: Suite = async (bench) => {
  // Each is opened when its turn has come: V8 optimizes less what runs with several stores, and an app has one.
  for (const open of [verifyGroup, cachedGroup]) await bench.measure(await open())
  const { betterAuthGroup, functionGroup, middlewareGroup } = await import('./peers/groups.ts')
  for (const open of [middlewareGroup, functionGroup, betterAuthGroup]) await bench.measure(await open())
}
