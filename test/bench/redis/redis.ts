import type { Suite } from '../harness/bench.ts'
import type { Group } from '../harness/group.ts'
import { countedTable } from './counted.ts'
import { openFixture } from './fixture.ts'
import type { Fixture } from './fixture.ts'
import { confirmedGroups, uncachedGroups } from './lookups.ts'
import { writeGroups } from './writes.ts'

const COUNT = 10_000

/** What goes over the wire. */
export const counted: Suite = async (bench) => {
  await using fixture = await openFixture(COUNT)
  bench.table(await countedTable(fixture))
}

/** What tokens cost on a `redis-server` of this machine. */
export const [uncached, confirmed, writes]: readonly [Suite, Suite, Suite] = [
  measuring(uncachedGroups),
  measuring(confirmedGroups),
  measuring(writeGroups),
]

function measuring(groupsOf: (fixture: Fixture) => Promise<Group[]>): Suite {
  return async (bench) => {
    await using fixture = await openFixture(COUNT)
    for (const group of await groupsOf(fixture)) await bench.measure(group, { roundMs: 100 })
  }
}
