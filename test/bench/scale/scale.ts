import type { Suite } from '../harness/bench.ts'
import { measureMemoryPages } from './memory-pages.ts'
import { packageSizes } from './package-sizes.ts'
import { measureRedisPages } from './redis-pages.ts'
import { weightTables } from './weight.ts'

/** What many tokens cost: to list, to keep and to start with. */
export const scale: Suite = async (bench) => {
  bench.table(packageSizes())
  for (const table of await weightTables()) bench.table(table)
  await measureRedisPages(bench)
  await measureMemoryPages(bench)
}
