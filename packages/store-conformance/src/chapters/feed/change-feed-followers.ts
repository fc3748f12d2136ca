import { setImmediate } from 'node:timers/promises'
import { shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { ANNOUNCED_CHANGES, COMPLETION } from '../../stage/announced-changes.ts'
import type { AnnouncedChange } from '../../stage/announced-changes.ts'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { followersOf } from '../../stage/follower.ts'
import { crowd, race } from '../../stage/race.ts'
import type { Contender } from '../../stage/race.ts'
import { changesAfter, feedOf, announces } from '../../stage/read-feed.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { revocationAt, revokeAt } from '../../steps/change-at.ts'
import { NOW, givenMany } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const WRITERS = 12
const TOKENS = 48

/** An acknowledged change, missed by a reader between two revisions. */
interface Loss {
  readonly digest: string
  readonly stoodAt: string
  readonly broughtTo: string
}

/** Works off a list by several writers, beside a reader at work all the time. */
async function raceBesideReader<Task>(
  { handles }: Stage,
  tasks: readonly Task[],
  write: (handle: StepsOnStore, task: Task) => Promise<void>,
  read: (handle: StepsOnStore) => Promise<void>,
): Promise<void> {
  const waiting = [...tasks]
  const atWork = new Set(Array.from({ length: WRITERS }, (_, number) => number))
  const reader: Contender<void> = async (handle) => {
    for (; atWork.size > 0; await setImmediate()) await read(handle)
  }
  const writer = async (handle: StepsOnStore, number: number) => {
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
      `the feed brought a reader from ${stoodAt} to ${broughtTo} and did not announce ${digest}, whose change was acknowledged`,
  )
  expect(losses, lines.join('\n')).toEqual([])
}

/** One step, and its tokens. */
interface Task {
  readonly make: (store: StepsOnStore) => Promise<unknown>
  readonly tokens: readonly TokenRecord[]
}

/** Expects each follower to read each change by one more reading after its acknowledgement. */
async function expectToBeAnnounced(stage: Stage, tasks: readonly Task[]): Promise<void> {
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
      for (const [number, { wasAnnouncedOf, revision }] of followers.entries()) {
        for (const token of tokens.filter((each) => !wasAnnouncedOf(each))) {
          losses.push({ digest: token.digest, stoodAt: before[number] ?? '', broughtTo: revision() })
        }
      }
    },
    readAll,
  )
  expectNoLoss(stage, losses)
}

async function tasksOf(store: StepsOnStore, { prepare, make }: AnnouncedChange): Promise<Task[]> {
  const tokens: TokenRecord[] = []
  for (let number = 0; number < TOKENS; number += 1) tokens.push(await prepare(store, { owner: `owner-${number}` }))
  return tokens.map((token) => ({ make: (handle) => make(handle, token), tokens: [token] }))
}

const STARTS: Readonly<Record<string, (store: StepsOnStore) => Promise<string>>> = {
  'asked for it': (store) => feedOf(store).revision(),
  'was reset to it': async (store) => (await feedOf(store).changesSince('')).revision,
}

const PROVES: readonly string[] = [
  'Entries become visible in the order of their numbers',
  'A reader goes on from its last revision',
]

export const changeFeedFollowers: Chapter = chapter('change feed, to readers that go on', PROVES, (it) => {
  for (const [name, change] of Object.entries({ ...ANNOUNCED_CHANGES, completeRotation: COMPLETION })) {
    it(`brings none past an acknowledged ${name} without telling of it`, async (stage) => {
      await expectToBeAnnounced(stage, await tasksOf(stage.store, change))
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
    await expectToBeAnnounced(stage, tasks)
  })

  for (const [way, startOf] of Object.entries(STARTS)) {
    it(`announces a change to whoever read the record before it, from the revision on that came first: who ${way}`, async (stage) => {
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
        if (!announces(changes, token))
          losses.push({ digest: token.digest, stoodAt: revision, broughtTo: changes.revision })
      }
      expectNoLoss(stage, losses)
    })
  }
})
