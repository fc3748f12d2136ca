import type { Pool } from 'pg'
import type { Suite } from '../harness/bench.ts'
import type { Group } from '../harness/group.ts'
import { openFixture } from './fixture.ts'
import type { Fixture } from './fixture.ts'
import { confirmedGroups, lookUpGroups } from './lookups.ts'
import { pageGroups } from './pages.ts'
import { writeGroups } from './writes.ts'

const COUNT = 10_000
const MOST_BYTES = 706

export const lookUps: Suite = measuring(lookUpGroups)
export const confirmed: Suite = measuring(confirmedGroups)
export const writes: Suite = measuring(writeGroups)

/** What tokens cost on a PostgreSQL of this machine, with its disk. */
function measuring(groupsOf: (fixture: Fixture) => Promise<Group[]>): Suite {
  return async (bench) => {
    await using fixture = await openFixture(COUNT)
    for (const group of await groupsOf(fixture)) await bench.measure(group, { roundMs: 150 })
  }
}

/** Pages of one owner's tokens, as these become more, and what a token takes. */
export const pages: Suite = async (bench) => {
  await using fixture = await openFixture(COUNT)
  bench.table({
    name: 'PostgreSQL: bytes per token with its indexes, ten tokens an owner, three scopes',
    columns: ['tokens', 'bytes', 'target'],
    rows: [[COUNT.toLocaleString('en'), await bytesPerToken(fixture.pool), `≤ ${MOST_BYTES}`]],
  })
  for (const group of await pageGroups(fixture)) await bench.measure(group, { roundMs: 150 })
}

async function bytesPerToken(pool: Pool): Promise<number> {
  await pool.query('vacuum full tessera.tokens')
  const { rows } = await pool.query<{ bytes: string }>("select pg_total_relation_size('tessera.tokens') as bytes")
  return Math.round(Number(rows[0]?.bytes) / COUNT)
}
