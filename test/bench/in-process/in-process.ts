import type { Suite } from '../harness/bench.ts'
import { cachedGroup, verifyGroup } from './verify.ts'

/** What a verification costs where nothing leaves the process. */
export const inMemory: Suite = async (bench) => {
  await bench.measure(await verifyGroup())
}

// Longer than the measuring takes: it is about what is cached.
export const bounded: Suite = async (bench) => {
  await bench.measure(await cachedGroup({ maxStalenessMs: 600_000 }))
}

export const confirmed: Suite = async (bench) => {
  await bench.measure(await cachedGroup('confirmed'))
}

export const uncached: Suite = async (bench) => {
  await bench.measure(await cachedGroup('none'))
}
