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

export const uncached: Suite = measuring(uncachedGroups)
export const confirmed: Suite = measuring(confirmedGroups)
export const writes: Suite = measuring(writeGroups)

/** What tokens cost on a `redis-server` of this machine. */
function measuring(groupsOf: (fixture: Fixture) => Promise<Group[]>): Suite {
  return async (bench) => {
    await using fixture = await openFixture(COUNT)
    for (const group of await groupsOf(fixture)) await bench.measure(group, { roundMs: 100 })
  }
}
