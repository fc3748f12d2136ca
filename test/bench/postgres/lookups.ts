import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { Pool } from 'pg'
import type { Group, Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { atLeast } from '../harness/target.ts'
import { inTurn } from '../in-process/issued-tokens.ts'
import { verifyRow } from '../redis/lookups.ts'
import { DEADLINE_MS } from './fixture.ts'
import type { Fixture } from './fixture.ts'

const LOOK_UPS = [
  { count: 1, find: 0.7, verify: 0.65 },
  { count: 64, find: 0.85, verify: 0.45 },
]
const CONFIRMED = [
  { count: 1, target: 0.95 },
  { count: 8, target: 2 },
  { count: 64, target: 8 },
]

/** What reads a token, against the least that it can cost: one prepared SELECT by a primary key. */
export async function lookUpGroups({ pool, keys, store, uncached: { tokens, secrets } }: Fixture): Promise<Group[]> {
  const nextDigest = inTurn(keys)
  return LOOK_UPS.map(({ count, find, verify }) => ({
    name: `PostgreSQL: a look-up, ${count} at once`,
    compares: 'rate',
    base: bareRow(pool, nextDigest, count),
    rows: [
      {
        name: 'findByDigest',
        run: (times) => repeat(times, count, async () => expectFound(await store.findByDigest([nextDigest()], '00'))),
        target: atLeast(find),
      },
      { ...verifyRow('verify, postgres-store', tokens, secrets, count), target: atLeast(verify) },
      {
        name: 'reading of the revision',
        run: (times) => repeat(times, count, () => store.feed.revision()),
        target: atLeast(0.9),
      },
    ],
  }))
}

/** A verification whose record is cached against one whose record is read. */
export async function confirmedGroups({ store, uncached: { tokens, secrets } }: Fixture): Promise<Group[]> {
  const cached = createTokens({ store: cachedStore(store, { deadlineMs: DEADLINE_MS }), prefix: 'ot_pat' })
  await repeat(secrets.length, 64, (number) => cached.verify(secrets[number]))
  await cached.flush()
  return CONFIRMED.map(({ count, target }) => ({
    name: `PostgreSQL: confirmed against uncached, ${count} at once`,
    compares: 'rate',
    base: verifyRow('verify, postgres-store', tokens, secrets, count),
    rows: [{ ...verifyRow("verify, cached-store, 'confirmed'", cached, secrets, count), target: atLeast(target) }],
  }))
}

function bareRow(pool: Pool, nextKey: () => string, count: number): Row {
  const query = { name: 'bare', text: 'select value from bare where key = $1' }
  return {
    name: 'a prepared SELECT by primary key',
    run: (times) =>
      repeat(times, count, async () => expectFound((await pool.query({ ...query, values: [nextKey()] })).rows[0])),
  }
}

function expectFound(found: unknown): void {
  if (found === null || found === undefined) throw new Error('it was not found')
}
