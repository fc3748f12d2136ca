import type { Suite } from '../harness/bench.ts'
import { countedTable } from './counted.ts'
import { openFixture } from './fixture.ts'
import { lookupGroups } from './lookups.ts'
import { writeGroups } from './writes.ts'

/** What tokens cost on a `redis-server` of this machine, and what goes over the wire. */
export const redis: Suite = async (bench) => {
  await using fixture = await openFixture(10_000)
  bench.table(await countedTable(fixture))
  const groups = [...(await lookupGroups(fixture)), ...(await writeGroups(fixture))]
  for (const group of groups) await bench.measure(group, { roundMs: 100 })
}
