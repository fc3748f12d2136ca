import type { Suite } from '../harness/bench.ts'
import { betterAuthGroup, functionGroup, middlewareGroup } from './peers/groups.ts'
import { cachedGroup, verifyGroup } from './verify.ts'

// Each is opened when its turn has come: V8 optimizes less what runs with several stores, and an app has one.
const GROUPS = [verifyGroup, cachedGroup, middlewareGroup, functionGroup, betterAuthGroup]

/** What a verification costs where nothing leaves the process. */
export const inProcess: Suite = async (bench) => {
  for (const open of GROUPS) await bench.measure(await open())
}
