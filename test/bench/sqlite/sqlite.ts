import { cachedStore } from '@tessera/cached-store'
import { createTokens, digestSecret } from '@tessera/core'
import type { Suite } from '../harness/bench.ts'
import type { Group, Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { atLeast } from '../harness/target.ts'
import { inTurn } from '../in-process/issued-tokens.ts'
import { verifyRow } from '../redis/lookups.ts'
import { openFixture } from './fixture.ts'
import type { Fixture } from './fixture.ts'
import { heldLoopTable } from './held-loop.ts'

const COUNT = 10_000
const MANY = 64
const USES = 250
const REQUEST = { name: 'ci-deploy', scopes: ['jobs:read', 'runs:read', 'runs:write'] }

/** What tokens cost in a file of this machine's disk. */
export const sqlite: Suite = async (bench) => {
  using fixture = await openFixture(COUNT)
  const groups = [findGroup(fixture), await confirmedGroup(fixture), issueGroup(fixture), await usesGroup(fixture)]
  for (const group of groups) await bench.measure(group, { roundMs: 100 })
  bench.table(await heldLoopTable(fixture))
}

/** A look-up against the least that it can cost: one prepared statement. */
function findGroup({ database, store, uncached: { secrets } }: Fixture): Group {
  const nextDigest = inTurn(secrets.map((secret) => digestSecret(secret)))
  const bare = database.prepare('select record from tessera_tokens where digest = ?')
  return {
    name: 'SQLite: a look-up by digest',
    compares: 'rate',
    base: { name: 'a prepared get', run: (times) => repeat(times, 1, async () => void bare.get(nextDigest())) },
    rows: [
      {
        name: 'findByDigest',
        run: (times) => repeat(times, 1, async () => void (await store.findByDigest([nextDigest()], '00'))),
        target: atLeast(0.3),
      },
    ],
  }
}

async function confirmedGroup({ store, uncached: { tokens, secrets } }: Fixture): Promise<Group> {
  const cached = createTokens({ store: cachedStore(store), prefix: 'ot_pat' })
  await repeat(secrets.length, MANY, (number) => cached.verify(secrets[number]))
  await cached.flush()
  return {
    name: `SQLite: confirmed against uncached, ${MANY} at once`,
    compares: 'rate',
    base: verifyRow('verify, sqlite-store', tokens, secrets, MANY),
    rows: [{ ...verifyRow("verify, cached-store, 'confirmed'", cached, secrets, MANY), target: atLeast(8) }],
  }
}

/** Issues within the limit of active tokens, against bare inserts with a commit each. */
function issueGroup({ database, uncached: { tokens } }: Fixture): Group {
  database.exec('create table bare (id integer primary key, value text not null)')
  const insert = database.prepare('insert into bare (value) values (?)')
  const value = 'v'.repeat(400)
  let issued = 0
  const issue: Row = {
    name: 'issue',
    run: (times) =>
      repeat(times, MANY, () => tokens.issue({ owner: `issuer-${Math.floor((issued += 1) / 10)}`, ...REQUEST })),
    target: atLeast(1.5),
  }
  const insertTogether: Row = {
    name: `inserts, ${MANY} to a commit`,
    note: 'so much of the base is no commit',
    run: (times) => repeat(times / MANY, 1, async () => insertMany(database, () => void insert.run(value))),
  }
  return {
    name: `SQLite: issue, ${MANY} at once`,
    compares: 'rate',
    base: { name: 'an insert with its commit', run: (times) => repeat(times, 1, async () => void insert.run(value)) },
    rows: [insertTogether, issue],
  }
}

function insertMany(database: Fixture['database'], insert: () => void): void {
  database.exec('begin immediate')
  for (let number = 0; number < MANY; number += 1) insert()
  database.exec('commit')
}

async function usesGroup({ store, uncached: { tokens } }: Fixture): Promise<Group> {
  const uses: { readonly owner: string; readonly id: string }[] = []
  for (let number = 0; uses.length < USES; number += 1) {
    const { tokens: listed } = await tokens.list(`owner-${number}`)
    uses.push(...listed.slice(0, USES - uses.length))
  }
  let at = Date.now()
  const recordOne = async (number: number) => {
    const { owner, id } = uses[number % USES] ?? { owner: '', id: '' }
    await store.recordUse([{ owner, id, at: (at += 1) }])
  }
  return {
    name: `SQLite: ${USES} uses`,
    compares: 'rate',
    base: { name: 'a call for each', run: (times) => repeat(times, 1, (round) => oneByOne(round, recordOne)) },
    rows: [
      {
        name: 'one call',
        run: (times) =>
          repeat(times, 1, () => store.recordUse(uses.map(({ owner, id }) => ({ owner, id, at: (at += 1) })))),
        target: atLeast(10),
      },
    ],
  }
}

async function oneByOne(round: number, work: (number: number) => Promise<void>): Promise<void> {
  for (let number = 0; number < USES; number += 1) await work(round + number)
}
