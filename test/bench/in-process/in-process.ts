import type { Suite } from '../harness/bench.ts'
import { verifyGroup } from './verify.ts'

/** What a verification costs where nothing leaves the process. */
export const inProcess: Suite = async (bench) => {
  await bench.measure(await verifyGroup())
}
