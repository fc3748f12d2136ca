import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import type { Pool } from 'pg'
import { diskNote } from '../harness/disk.ts'
import type { Group, Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { atLeast } from '../harness/target.ts'
import { inTurn } from '../in-process/issued-tokens.ts'
import type { Fixture } from './fixture.ts'

const MANY = 64
const USES = 250
const REQUEST = { name: 'ci-deploy', scopes: ['jobs:read', 'runs:read', 'runs:write'] }

/** What changes tokens, against bare statements on the same pool, each with a commit of its own. */
export async function writeGroups(fixture: Fixture): Promise<Group[]> {
  const { pool } = fixture
  // The columns and indexes of a token.
  await pool.query(`
    create table bare_tokens (
      owner text collate "C", id text collate "C", digest text collate "C", prefix text collate "C",
      created_at bigint, counts_until bigint, ended_at bigint, record json,
      primary key (owner, id)
    )`)
  await pool.query(`
    create unique index on bare_tokens (digest);
    create index on bare_tokens (owner, prefix, created_at, id);
    create index on bare_tokens (owner, prefix, counts_until) where counts_until is not null;
    create index on bare_tokens (ended_at) where ended_at is not null`)
  const note = await diskNote(tmpdir())
  return [
    ...[1, MANY].map((count): Group => issueGroup(fixture, count, note)),
    ...[1, MANY].map((count): Group => changeGroup(fixture, count, note)),
    await usesGroup(fixture),
  ]
}

/** Ten tokens to an owner, so that the limit of active tokens is there and never reached. Of one owner there is one at a time. */
function ownersOf(kind: string): () => string {
  let issued = 0
  return () => {
    const round = Math.floor(issued / (10 * MANY))
    return `${kind}-${round}-${(issued += 1) % MANY}`
  }
}

function issueGroup({ pool, uncached: { tokens } }: Fixture, count: number, note: string): Group {
  const bareOwner = ownersOf(`bare-${count}`)
  const owner = ownersOf(`issuer-${count}`)
  return {
    name: `PostgreSQL: issue within the limit, ${count} at once`,
    compares: 'rate',
    base: {
      name: 'an INSERT with the same indexes',
      run: (times) => repeat(times, count, () => insertBare(pool, bareOwner())),
      note,
    },
    rows: [
      {
        name: 'issue',
        run: (times) => repeat(times, count, () => tokens.issue({ owner: owner(), ...REQUEST })),
        target: atLeast(0.5),
      },
    ],
  }
}

function insertBare(pool: Pool, owner: string): Promise<unknown> {
  return pool.query({
    name: 'insert-bare',
    text: `insert into bare_tokens (owner, id, digest, prefix, created_at, counts_until, record)
      values ($1, $2, $3, 'ot_pat', $4::bigint, 253402300799999, $5::text::json)`,
    values: [owner, randomUUID(), randomUUID(), String(Date.now()), JSON.stringify(REQUEST)],
  })
}

/** Each statement changes another row, so that no two wait for one. */
function changeGroup({ pool, keys, uncached: { tokens } }: Fixture, count: number, note: string): Group {
  const waiting: { readonly owner: string; readonly id: string }[] = []
  const owner = ownersOf(`suspender-${count}`)
  const nextKey = inTurn(keys)
  const suspend: Row = {
    name: 'suspend, with its entry in the change feed',
    prepare: (times) =>
      repeat(times, MANY, async () => {
        waiting.push((await tokens.issue({ owner: owner(), ...REQUEST })).token)
      }),
    run: (times) =>
      repeat(times, count, async () => {
        const token = waiting.pop()
        if (token === undefined) throw new Error('there is no token left to suspend')
        await tokens.suspend(token.owner, token.id)
      }),
    target: atLeast(count === 1 ? 0.3 : 0.15),
  }
  const update: Row = {
    name: 'an UPDATE by primary key',
    run: (times) =>
      repeat(times, count, () =>
        pool.query({
          name: 'update-bare',
          text: "update bare set value = repeat('w', 400) where key = $1",
          values: [nextKey()],
        }),
      ),
    note,
  }
  return { name: `PostgreSQL: a change, ${count} at once`, compares: 'rate', base: update, rows: [suspend] }
}

async function usesGroup({ store, uncached: { tokens } }: Fixture): Promise<Group> {
  const uses: { readonly owner: string; readonly id: string }[] = []
  for (let number = 0; uses.length < USES; number += 1) {
    const { tokens: listed } = await tokens.list(`owner-${number}`)
    uses.push(...listed.slice(0, USES - uses.length))
  }
  let at = Date.now()
  const recordOne = async ({ owner, id }: { readonly owner: string; readonly id: string }) =>
    store.recordUse([{ owner, id, at: (at += 1) }])
  return {
    name: `PostgreSQL: ${USES} uses`,
    compares: 'rate',
    base: {
      name: 'a call for each',
      run: (times) => repeat(times * USES, 1, (number) => recordOne(uses[number % USES] ?? { owner: '', id: '' })),
    },
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
