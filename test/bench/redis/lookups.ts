import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { ChangeFeed, Tokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import type { Redis } from 'ioredis'
import type { Group, Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { atLeast } from '../harness/target.ts'
import type { Target } from '../harness/target.ts'
import { inTurn, issueTokens } from '../in-process/issued-tokens.ts'
import { cpuOf } from './cpu-of.ts'
import { REVISION, feedOf } from './fixture.ts'
import type { IssuedTokens } from '../in-process/issued-tokens.ts'
import type { Fixture } from './fixture.ts'

/** How many verify at once, and what is to be reached then. */
type Callers = readonly { readonly count: number; readonly target?: Target }[]

const UNCACHED: Callers = [{ count: 1, target: atLeast(0.92) }, { count: 64, target: atLeast(0.75) }, { count: 256 }]
const LEASED: Callers = [
  { count: 1, target: atLeast(20) },
  { count: 64, target: atLeast(1.6) },
]
const CONFIRMED: Callers = [
  { count: 1, target: atLeast(0.95) },
  { count: 64, target: atLeast(4) },
  { count: 256, target: atLeast(5) },
]

/** A verification against the least that it can cost: one GET of its record. */
export async function uncachedGroups({ client, keys, uncached: { tokens, secrets } }: Fixture): Promise<Group[]> {
  const nextKey = inTurn(keys)
  const get = (callers: number): Row => ({
    name: 'GET of the record',
    run: (times) =>
      repeat(times, callers, async () => {
        if ((await client.getBuffer(nextKey())) === null) throw new Error('a record is not under its key')
      }),
  })
  return UNCACHED.map(({ count, ...target }) => ({
    name: `Redis: uncached verify, ${count} at once`,
    compares: 'rate',
    base: get(count),
    rows: [{ ...verifyRow('verify, redis-store', tokens, secrets, count), ...target }],
    cpu: () => cpuOf([client]),
  }))
}

/** A verification whose record is cached against one whose record is read. */
export async function confirmedGroups(fixture: Fixture): Promise<Group[]> {
  const { client, store, uncached } = fixture
  const { tokens, secrets } = uncached
  const cached = createTokens({ store: cachedStore(store), prefix: 'ot_pat' })
  await repeat(secrets.length, 64, (number) => cached.verify(secrets[number]))
  await cached.flush()
  const against = CONFIRMED.map(
    ({ count, ...target }): Group => ({
      name: `Redis: confirmed against uncached, ${count} at once`,
      compares: 'rate',
      base: verifyRow('verify, redis-store', tokens, secrets, count),
      rows: [
        { ...verifyRow("verify, cached-store, 'confirmed'", cached, secrets, count), ...target },
        sharedGetRow(client, count),
      ],
      cpu: () => cpuOf([client]),
    }),
  )
  const { tokens: leased, secrets: leasedSecrets } = await issueLeased(client, secrets.length)
  const underLease = LEASED.map(
    ({ count, ...target }): Group => ({
      name: `Redis: leased against confirmed, ${count} at once`,
      compares: 'rate',
      base: verifyRow("verify, cached-store, 'confirmed'", cached, secrets, count),
      rows: [{ ...verifyRow("verify, cached-store, 'leased'", leased, leasedSecrets, count), ...target }],
      cpu: () => cpuOf([client]),
    }),
  )
  return [...against, ...underLease, ...(await readingGroups(fixture, cached))]
}

/** Tokens under leases, apart from the others: what writes beside them has to know leases. */
function issueLeased(client: Redis, count: number): Promise<IssuedTokens> {
  const store = redisStore(client, { keyPrefix: 'leased:', leaseMs: 100 })
  return issueTokens(cachedStore(store, { freshness: 'leased' }), count, createTokens, 64)
}

/** What it costs that a reading asks the server whether it is a primary, and for its history. */
async function readingGroups({ client, store, uncached: { secrets } }: Fixture, cached: Tokens): Promise<Group[]> {
  const told = feedOf(store)
  const feed: ChangeFeed = {
    revision: async () => String(await client.get(REVISION)),
    async changesSince(since) {
      const revision = String(await client.get(REVISION))
      return { ...(await told.changesSince(since)), revision }
    },
  }
  const trusting = createTokens({ store: cachedStore({ ...store, feed }), prefix: 'ot_pat' })
  await repeat(secrets.length, 64, (number) => trusting.verify(secrets[number]))
  await trusting.flush()
  return CONFIRMED.map(
    ({ count }): Group => ({
      name: `Redis: the reading of the server's history against a GET, ${count} at once`,
      compares: 'rate',
      base: verifyRow("verify, 'confirmed' by a GET of the revision", trusting, secrets, count),
      rows: [{ ...verifyRow("verify, 'confirmed'", cached, secrets, count), target: atLeast(0.95) }],
      cpu: () => cpuOf([client]),
    }),
  )
}

/** The most that `confirmed` could reach: one reading of the revision for all who wait, and nothing else done. */
function sharedGetRow(client: Redis, callers: number): Row {
  let reading: Promise<string | null> | null = null
  const read = async () => {
    const revision = await client.get(REVISION)
    reading = null
    return revision
  }
  return {
    name: 'a GET of the revision that all who wait share',
    note: 'and no verification: the limit of the row above',
    run: (times) =>
      repeat(times, callers, async () => {
        reading ??= read()
        if ((await reading) === null) throw new Error('there is no revision')
      }),
  }
}

/** Verifies tokens that are accepted, so many at once. */
export function verifyRow(name: string, tokens: Tokens, secrets: readonly string[], callers: number): Row {
  const next = inTurn(secrets)
  const run = (times: number) =>
    repeat(times, callers, async () => {
      const verification = await tokens.verify(next())
      if (!verification.ok) throw new Error(`${name}: ${verification.reason}`)
    })
  return { name, run }
}
