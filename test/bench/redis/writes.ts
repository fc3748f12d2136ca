import type { Group, Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { atLeast } from '../harness/target.ts'
import type { Target } from '../harness/target.ts'
import { bareScripts, checkSameCommands } from './bare-scripts.ts'
import type { BareScripts } from './bare-scripts.ts'
import { cpuOf } from './cpu-of.ts'
import type { Fixture } from './fixture.ts'

const MANY = 64
const CALLERS: readonly { readonly count: number; readonly target?: Target }[] = [
  { count: 1 },
  { count: MANY, target: atLeast(0.8) },
]
const COMMANDS = 'its commands in one bare script'
const USES = 100
const SCOPES = ['jobs:read', 'runs:read', 'runs:write']

/** What changes tokens: an issue and a revocation against their own commands, and uses against as many SETs. */
export async function writeGroups(fixture: Fixture): Promise<Group[]> {
  const { client, keys, uncached } = fixture
  const [key = ''] = keys
  const value = 'v'.repeat(await client.strlen(key))
  const bare = await bareScripts(client, value.length)
  await checkSameCommands(client, bare, uncached)
  const cpu = () => cpuOf([client])
  let sets = 0
  const set = () => client.set(`bench:${(sets += 1)}`, value)
  const setRow = (callers: number): Row => ({ name: 'SET of a new key', run: (times) => repeat(times, callers, set) })
  const pipeline: Row = {
    name: `pipeline of ${USES} SETs of new keys`,
    run: (times) =>
      repeat(times, 1, async () => {
        const commands = client.pipeline()
        for (let number = 0; number < USES; number += 1) commands.set(`bench:${(sets += 1)}`, value)
        await commands.exec()
      }),
  }
  const against = CALLERS.flatMap(({ count, ...target }): Group[] => [
    {
      name: `Redis: issue against its own commands, ${count} at once`,
      compares: 'rate',
      base: { name: COMMANDS, run: (times) => repeat(times, count, bare.issue) },
      rows: [{ ...issueRow(fixture, count), ...target }, setRow(count)],
      cpu,
    },
    {
      name: `Redis: revoke against its own commands, ${count} at once`,
      compares: 'rate',
      base: bareRevokeRow(bare, count),
      rows: [{ ...revokeRow(fixture, count), ...target }],
      cpu,
    },
  ])
  const uses = { base: pipeline, rows: [await usesRow(fixture)], cpu }
  return [...against, { name: `Redis: a batch of ${USES} uses`, compares: 'rate', ...uses }]
}

function bareRevokeRow(bare: BareScripts, callers: number): Row {
  return {
    name: COMMANDS,
    prepare: (times) => repeat(times, MANY, bare.issue),
    run: (times) => repeat(times, callers, bare.revoke),
  }
}

/** Ten tokens to an owner, so that the limit of active tokens is there and never reached. */
function issueRow({ uncached: { tokens } }: Fixture, callers: number): Row {
  let issued = 0
  return {
    name: 'issue',
    run: (times) =>
      repeat(times, callers, () => {
        const owner = `issuer-${callers}-${Math.floor((issued += 1) / 10)}`
        return tokens.issue({ owner, name: 'ci-deploy', scopes: SCOPES })
      }),
  }
}

function revokeRow({ uncached: { tokens } }: Fixture, callers: number): Row {
  const waiting: { readonly owner: string; readonly id: string }[] = []
  let issued = 0
  return {
    name: 'revoke',
    note: 'a script that shows the token, then one that writes and announces',
    prepare: (times) =>
      repeat(times, MANY, async () => {
        const owner = `revoker-${callers}-${Math.floor((issued += 1) / 10)}`
        const { token } = await tokens.issue({ owner, name: 'ci-deploy', scopes: SCOPES })
        waiting.push(token)
      }),
    run: (times) =>
      repeat(times, callers, async () => {
        const token = waiting.pop()
        if (token === undefined) throw new Error('there is no token left to revoke')
        await tokens.revoke(token.owner, token.id)
      }),
  }
}

async function usesRow({ store, uncached }: Fixture): Promise<Row> {
  const uses: { owner: string; id: string }[] = []
  for (let number = 0; uses.length < USES; number += 1) {
    const { tokens } = await uncached.tokens.list(`owner-${number}`)
    uses.push(...tokens.slice(0, USES - uses.length))
  }
  let at = Date.now()
  return {
    name: `recordUse of ${USES} tokens of 10 owners`,
    run: (times) =>
      repeat(times, 1, () => {
        at += 1
        return store.recordUse(uses.map(({ owner, id }) => ({ owner, id, at })))
      }),
  }
}
