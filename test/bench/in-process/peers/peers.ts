import type { Suite } from '../../harness/bench.ts'
import { betterAuthGroup, functionGroup, middlewareGroup } from './groups.ts'

/** What other libraries make of the same, where nothing leaves the process. */
export const peers: Suite = async (bench) => {
  for (const open of [middlewareGroup, functionGroup, betterAuthGroup]) await bench.measure(await open())
}
