import { setImmediate } from 'node:timers/promises'
import { shardOf } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike, expectNames } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import type { Contender } from '../../stage/race.ts'
import { changesAfter, feedOf, numberOf } from '../../stage/read-feed.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { revocationAt, revokeAt } from '../../steps/change-at.ts'
import { rotated } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, given, givenMany, sampleDigest } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const SHARD = shardOf(OWNER)

/** Makes a change of each of 30 tokens, while readers follow the feed and look at each digest as soon as it is announced. */
async function expectWhenAnnounced(
  { store, handles }: Stage,
  change: (store: StepsOnStore, token: TokenRecord) => Promise<unknown>,
  look: (store: StepsOnStore, digest: string) => Promise<void>,
): Promise<void> {
  const start = await feedOf(store).revision()
  const waiting = await givenMany(store, 30)
  const read: Contender<void> = async (handle) => {
    for (let revision = start; waiting.length > 0; await setImmediate()) {
      const changes = await changesAfter(handle, revision)
      for (const digest of changes.digests) await look(handle, digest)
      revision = changes.revision
    }
  }
  const write: Contender<void> = async (handle) => {
    try {
      for (let token = waiting.at(-1); token !== undefined; token = waiting.at(-1)) {
        await change(handle, token)
        await setImmediate()
        waiting.pop()
      }
    } finally {
      waiting.length = 0
    }
  }
  await race(handles, [read, write, read])
}

const PROVES: readonly string[] = [
  'Entries become visible in the order of their numbers',
  'The order is: write, announce, acknowledge.',
]

export const changeFeedRaces: Chapter = chapter('change feed, under concurrency', PROVES, (it) => {
  it('announces a revocation when the record already shows it', async (stage) => {
    const { expect } = stage
    await expectWhenAnnounced(
      stage,
      (store, { owner, id }) => revokeAt(store, owner, id, NOW + 1),
      async (store, digest) => {
        expect(await store.findByDigest([digest], SHARD)).toMatchObject({ digest, revokedAt: NOW + 1 })
      },
    )
  })

  it('announces a bulk revocation when the records already show it', async ({ expect, store, handles }) => {
    // No more than one step takes: several are announced each.
    const tokens = await givenMany(store, 200)
    const start = await feedOf(store).revision()
    const work = { isDone: false }
    const read: Contender<void> = async (handle) => {
      for (let [revision, isLast] = [start, false]; !isLast; await setImmediate()) {
        isLast = work.isDone
        const { digests, owners = [], ...changes } = await feedOf(handle).changesSince(revision)
        const isAny = digests === 'reset' || owners.includes(OWNER)
        const announced = tokens.filter(({ digest }) => isAny || digests.includes(digest))
        const found = await Promise.all(announced.map(({ digest }) => handle.findByDigest([digest], SHARD)))
        for (const record of found) expect(record).toMatchObject({ revokedAt: NOW + 1 })
        revision = changes.revision
      }
    }
    const write: Contender<void> = async (handle) => {
      try {
        await handle.revokeAll(OWNER, { ...revocationAt(NOW + 1), exceptId: null, issuedBefore: null, scope: null })
      } finally {
        work.isDone = true
      }
    }
    await race(handles, [read, write, read])
  })

  it('announces a rotation and of its completion when the records already show them', async (stage) => {
    const { expect } = stage
    await expectWhenAnnounced(
      stage,
      async (store, token) => {
        const { successor } = await rotated(store, token)
        await store.completeRotation(OWNER, successor.id, NOW + 1)
      },
      async (store, digest) => {
        const found = await store.findByDigest([digest], SHARD)
        const isCompleted = found?.rotatedFrom !== null && found?.overlapEndsAt === null
        expect(isCompleted || found?.rotatedTo).toBeTruthy()
      },
    )
  })

  it('announces a rekey when the old digest already finds nothing', async (stage) => {
    const { expect } = stage
    await expectWhenAnnounced(
      stage,
      (store, { owner, id }) => store.rekey(owner, id, sampleDigest(`${id} peppered`)),
      async (store, digest) => {
        expect(await store.findByDigest([digest], SHARD)).toBeNull()
      },
    )
  })

  it('announces a token to everyone who revokes it, by the time they are answered', async ({
    expect,
    store,
    handles,
  }) => {
    const { owner, id, digest } = await given(store)
    const before = await feedOf(store).revision()
    const announced = await race(
      handles,
      crowd(20, async (handle, number) => {
        await revokeAt(handle, owner, id, NOW + number)
        return (await changesAfter(handle, before)).digests.has(digest)
      }),
    )
    expectAlike(expect, announced, true, `whether the digest ${digest} was announced since the revision ${before}`)
  })

  it('loses no change and no count of many that are made at the same time', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, 100, (number) => ({ owner: `owner-${number % 20}` }))
    const before = await feedOf(store).revision()
    const announced = await race(
      handles,
      tokens.map(({ owner, id, digest }) => async (handle) => {
        await revokeAt(handle, owner, id, NOW + 1)
        return (await changesAfter(handle, before)).digests.has(digest)
      }),
    )
    const digests = tokens.map(({ digest }) => digest)
    const announcedDigests = digests.filter((_, number) => announced[number])
    expectNames(
      expect,
      announcedDigests,
      digests,
      `digests announced since the revision ${before}, each once its change was acknowledged`,
    )
    const after = await changesAfter(store, before)
    const place = `digests between the revisions ${before} and ${after.revision}`
    expectNames(expect, [...after.digests].toSorted(), digests.toSorted(), place)
    expect(numberOf(await feedOf(store).revision()) - numberOf(before)).toBe(100)
  })
})
