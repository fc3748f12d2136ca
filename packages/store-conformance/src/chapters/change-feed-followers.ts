import { setImmediate } from 'node:timers/promises'
import { shardOf } from '@tessera/core'
import type { TokenRecord, TokenStore } from '@tessera/core'
import { ANNOUNCED_CHANGES, COMPLETION } from '../announced-changes.ts'
import type { AnnouncedChange } from '../announced-changes.ts'
import { revocationAt, revokeAt } from '../change-at.ts'
import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'
import { followersOf } from '../follower.ts'
import { crowd, race } from '../race.ts'
import type { Contender } from '../race.ts'
import { changesAfter, feedOf, tellsOf } from '../read-feed.ts'
import { NOW, givenMany } from '../sample-token.ts'
import type { Stage } from '../store-under-test.ts'

const WRITERS = 12
const TOKENS = 48

/** A change that was acknowledged and that a reader between two revisions was not told of. */
interface Loss {
  readonly digest: string
  readonly stoodAt: string
  readonly broughtTo: string
}

/** Works off a list by several writers, beside a reader that reads as often as it can until they are done. */
async function raceBesideReader<Task>(
  { handles }: Stage,
  tasks: readonly Task[],
  write: (handle: TokenStore, task: Task) => Promise<void>,
  read: (handle: TokenStore) => Promise<void>,
): Promise<void> {
  const waiting = [...tasks]
  const atWork = new Set(Array.from({ length: WRITERS }, (_, number) => number))
  const reader: Contender<void> = async (handle) => {
    for (; atWork.size > 0; await setImmediate()) await read(handle)
  }
  const writer = async (handle: TokenStore, number: number) => {
    try {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await write(handle, task)
    } finally {
      atWork.delete(number)
    }
  }
  await race(handles, [reader, ...crowd(WRITERS, writer)])
}

function expectNoLoss({ expect }: Stage, losses: readonly Loss[]): void {
  const lines = losses.map(
    ({ digest, stoodAt, broughtTo }) =>
      `the feed brought a reader from ${stoodAt} to ${broughtTo} and did not tell of ${digest}, whose change was acknowledged`,
  )
  expect(losses, lines.join('\n')).toEqual([])
}

/** One step, and the tokens that it changes. */
interface Task {
  readonly make: (store: TokenStore) => Promise<unknown>
  readonly tokens: readonly TokenRecord[]
}

/** Expects each follower to be told of each change by one more reading after its acknowledgement. */
async function expectToBeTold(stage: Stage, tasks: readonly Task[]): Promise<void> {
  const { store } = stage
  const followers = followersOf(store, await feedOf(store).revision())
  const readAll = async () => {
    await Promise.all(followers.map(({ read }) => read()))
  }
  const losses: Loss[] = []
  await raceBesideReader(
    stage,
    tasks,
    async (handle, { make, tokens }) => {
      const before = followers.map(({ revision }) => revision())
      await make(handle)
      await readAll()
      for (const [number, { wasToldOf, revision }] of followers.entries()) {
        for (const token of tokens.filter((each) => !wasToldOf(each))) {
          losses.push({ digest: token.digest, stoodAt: before[number] ?? '', broughtTo: revision() })
        }
      }
    },
    readAll,
  )
  expectNoLoss(stage, losses)
}

async function tasksOf(store: TokenStore, { prepare, make }: AnnouncedChange): Promise<Task[]> {
  const tokens: TokenRecord[] = []
  for (let number = 0; number < TOKENS; number += 1) tokens.push(await prepare(store, { owner: `owner-${number}` }))
  return tokens.map((token) => ({ make: (handle) => make(handle, token), tokens: [token] }))
}

const STARTS: Readonly<Record<string, (store: TokenStore) => Promise<string>>> = {
  'asked for it': (store) => feedOf(store).revision(),
  'was reset to it': async (store) => (await feedOf(store).changesSince('')).revision,
}

export const changeFeedFollowers: Chapter = chapter('change feed, to readers that go on from where they are', (it) => {
  for (const [name, change] of Object.entries({ ...ANNOUNCED_CHANGES, completeRotation: COMPLETION })) {
    it(`brings none past an acknowledged ${name} without telling of it`, async (stage) => {
      await expectToBeTold(stage, await tasksOf(stage.store, change))
    })
  }

  it('brings none past a change that is made beside a long one', async (stage) => {
    const { store } = stage
    const tasks: Task[] = []
    for (const [owner, count] of Object.entries({ few: 12, more: 24, most: 36 })) {
      const tokens = await givenMany(store, count, () => ({ owner }))
      const selection = { ...revocationAt(NOW + 5), exceptId: null, issuedBefore: null, scope: null }
      const long: Task = { make: (handle) => handle.revokeAll(owner, selection), tokens }
      tasks.push(long, ...(await tasksOf(store, ANNOUNCED_CHANGES.revoke)))
    }
    await expectToBeTold(stage, tasks)
  })

  for (const [way, startOf] of Object.entries(STARTS)) {
    it(`tells who read a record before its change of it, from the revision on that came first: who ${way}`, async (stage) => {
      const { store } = stage
      const tokens = await givenMany(store, TOKENS)
      const underWay = new Set<TokenRecord>()
      const outdated: { readonly token: TokenRecord; readonly revision: string }[] = []
      await raceBesideReader(
        stage,
        tokens,
        async (handle, token) => {
          underWay.add(token)
          await revokeAt(handle, token.owner, token.id, NOW + 5)
          underWay.delete(token)
        },
        async (handle) => {
          const revision = await startOf(handle)
          for (const token of underWay) {
            const record = await handle.findByDigest([token.digest], shardOf(token.owner))
            if (record?.revokedAt === null) outdated.push({ token, revision })
          }
        },
      )
      const losses: Loss[] = []
      for (const { token, revision } of outdated) {
        const changes = await changesAfter(store, revision)
        if (!tellsOf(changes, token))
          losses.push({ digest: token.digest, stoodAt: revision, broughtTo: changes.revision })
      }
      expectNoLoss(stage, losses)
    })
  }
})
