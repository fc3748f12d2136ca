import type { Suite } from '../harness/bench.ts'
import { atMost } from '../harness/target.ts'
import { cachedGroup, leasedGroup, verifyGroup } from './verify.ts'

/** What a verification costs where nothing leaves the process. */
export const inMemory: Suite = async (bench) => {
  await bench.measure(await verifyGroup())
}

// Longer than the measuring takes: it is about what is cached.
export const bounded: Suite = async (bench) => {
  await bench.measure(await cachedGroup({ maxStalenessMs: 600_000 }, { target: atMost(1.5) }))
}

export const confirmed: Suite = async (bench) => {
  await bench.measure(
    await cachedGroup('confirmed', { note: 'a reading of the revision for each, as they come singly' }),
  )
}

export const leased: Suite = async (bench) => {
  await bench.measure(await leasedGroup())
}

export const uncached: Suite = async (bench) => {
  await bench.measure(await cachedGroup('none', { note: 'passes every reading on' }))
}
