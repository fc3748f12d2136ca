import type { Group, Row } from '../harness/group.ts'
import { repeat } from '../harness/repeat.ts'
import { atLeast } from '../harness/target.ts'
import type { Fixture } from './fixture.ts'

const MANY = 64
const USES = 100
const SCOPES = ['jobs:read', 'runs:read', 'runs:write']

/** What changes tokens, against as many bare SETs of a value as long as a record. */
export async function writeGroups(fixture: Fixture): Promise<Group[]> {
  const { client, keys } = fixture
  const [key = ''] = keys
  const value = 'v'.repeat(await client.strlen(key))
  let sets = 0
  const set = (callers: number): Row => ({
    name: 'SET of a new key',
    run: (times) => repeat(times, callers, () => client.set(`bench:${(sets += 1)}`, value)),
  })
  const pipeline: Row = {
    name: `pipeline of ${USES} SETs of new keys`,
    run: (times) =>
      repeat(times, 1, async () => {
        const commands = client.pipeline()
        for (let number = 0; number < USES; number += 1) commands.set(`bench:${(sets += 1)}`, value)
        await commands.exec()
      }),
  }
  return [
    {
      name: 'Redis: issue and revoke, 1 at once',
      compares: 'rate',
      base: set(1),
      rows: [{ ...issueRow(fixture, 1), target: atLeast(0.7) }, revokeRow(fixture, 1)],
    },
    {
      name: `Redis: issue and revoke, ${MANY} at once`,
      compares: 'rate',
      base: set(MANY),
      rows: [{ ...issueRow(fixture, MANY), target: atLeast(0.7) }, revokeRow(fixture, MANY)],
    },
    {
      name: `Redis: a batch of ${USES} uses`,
      compares: 'rate',
      base: pipeline,
      rows: [await usesRow(fixture)],
    },
  ]
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
