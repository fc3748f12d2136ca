import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { spreadOf } from './spread.ts'

// So few that the young generation, empty after a full collection, holds what they allocate without another one.
const TIMES = 100
const TRIES = 15

setFlagsFromString('--expose-gc')
/** Collects all that is garbage, at once. */
export const collectGarbage = runInNewContext('gc') as () => void

/**
 * How many bytes on the heap an operation allocates: what `heapUsed` grows by over a hundred of them right after a
 * full collection, the median of several tries. Buffers outside the heap do not count.
 */
export async function allocationOf(run: (times: number) => Promise<void>): Promise<number> {
  const bytes: number[] = []
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    await run(TIMES)
    bytes.push((process.memoryUsage().heapUsed - before) / TIMES)
  }
  return spreadOf(bytes).median
}
