import type { Suite } from '../harness/bench.ts'
import { cachedGroup, verifyGroup } from './verify.ts'

/** What a verification costs where nothing leaves the process. */
export const inProcess: Suite = async (bench) => {
  await bench.measure(await verifyGroup())
}

/** The same behind a cache. */
export const cached: Suite = async (bench) => {
  await bench.measure(await cachedGroup())
}
