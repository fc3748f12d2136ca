import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import type { Redis } from 'ioredis'
import type { Group, Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { atLeast } from '../harness/target.ts'
import type { Target } from '../harness/target.ts'
import { inTurn } from '../in-process/issued-tokens.ts'
import { REVISION } from './fixture.ts'
import type { Fixture } from './fixture.ts'

const CALLERS: readonly { readonly count: number; readonly uncached?: Target; readonly confirmed?: Target }[] = [
  { count: 1, uncached: atLeast(0.92), confirmed: atLeast(0.95) },
  { count: 64, uncached: atLeast(0.75), confirmed: atLeast(4) },
  { count: 256 },
]

/** A verification against the least that it can cost, one GET of its record, and a cached one against that. */
export async function lookupGroups({ client, keys, store, uncached }: Fixture): Promise<Group[]> {
  const cached = createTokens({ store: cachedStore(store), prefix: 'ot_pat' })
  const { secrets } = uncached
  await repeat(secrets.length, 64, (number) => cached.verify(secrets[number]))
  await cached.flush()
  const nextKey = inTurn(keys)
  const get = (callers: number): Row => ({
    name: 'GET of the record',
    run: (times) =>
      repeat(times, callers, async () => {
        if ((await client.getBuffer(nextKey())) === null) throw new Error('a record is not under its key')
      }),
  })
  return CALLERS.flatMap(({ count, ...targets }): Group[] => [
    {
      name: `Redis: uncached verify, ${count} at once`,
      compares: 'rate',
      base: get(count),
      rows: [withTarget(verifyRow('verify, redis-store', uncached.tokens, secrets, count), targets.uncached)],
    },
    {
      name: `Redis: confirmed against uncached, ${count} at once`,
      compares: 'rate',
      base: verifyRow('verify, redis-store', uncached.tokens, secrets, count),
      rows: [
        withTarget(verifyRow("verify, cached-store, 'confirmed'", cached, secrets, count), targets.confirmed),
        sharedGetRow(client, count),
      ],
    },
  ])
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

function withTarget(row: Row, target: Target | undefined): Row {
  return target === undefined ? row : { ...row, target }
}
