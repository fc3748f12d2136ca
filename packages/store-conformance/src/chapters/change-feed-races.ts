import { setImmediate } from 'node:timers/promises'
import { shardOf } from '@tessera/core'
import type { TokenRecord, TokenStore } from '@tessera/core'
import { revocationAt, revokeAt } from '../change-at.ts'
import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'
import { crowd, race } from '../race.ts'
import type { Contender } from '../race.ts'
import type { Stage } from '../store-under-test.ts'
import { changesAfter, feedOf, numberOf } from '../read-feed.ts'
import { rotated } from '../sample-rotation.ts'
import { NOW, OWNER, given, givenMany, sampleDigest } from '../sample-token.ts'

const SHARD = shardOf(OWNER)

/** Makes a change of each of 30 tokens, while readers follow the feed and look at each digest as soon as it tells of it. */
async function expectWhenTold(
  { store, handles }: Stage,
  change: (store: TokenStore, token: TokenRecord) => Promise<unknown>,
  look: (store: TokenStore, digest: string) => Promise<void>,
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

export const changeFeedRaces: Chapter = chapter('change feed, under concurrency', (it) => {
  it('tells of a revocation when the record already shows it', async (stage) => {
    const { expect } = stage
    await expectWhenTold(
      stage,
      (store, { owner, id }) => revokeAt(store, owner, id, NOW + 1),
      async (store, digest) => {
        expect(await store.findByDigest([digest], SHARD)).toMatchObject({ digest, revokedAt: NOW + 1 })
      },
    )
  })

  it('tells of a bulk revocation when the records already show it', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, 500)
    const start = await feedOf(store).revision()
    const work = { isDone: false }
    const read: Contender<void> = async (handle) => {
      for (let revision = start; !work.isDone; await setImmediate()) {
        const { digests, owners = [], ...changes } = await feedOf(handle).changesSince(revision)
        const isAny = digests === 'reset' || owners.includes(OWNER)
        const told = tokens.filter(({ digest }) => isAny || digests.includes(digest))
        const found = await Promise.all(told.map(({ digest }) => handle.findByDigest([digest], SHARD)))
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

  it('tells of a rotation and of its completion when the records already show them', async (stage) => {
    const { expect } = stage
    await expectWhenTold(
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

  it('tells of a rekey when the old digest already finds nothing', async (stage) => {
    const { expect } = stage
    await expectWhenTold(
      stage,
      (store, { owner, id }) => store.rekey(owner, id, sampleDigest(`${id} peppered`)),
      async (store, digest) => {
        expect(await store.findByDigest([digest], SHARD)).toBeNull()
      },
    )
  })

  it('tells everyone who revokes the same token, by the time they are answered', async ({ expect, store, handles }) => {
    const { owner, id, digest } = await given(store)
    const before = await feedOf(store).revision()
    const told = await race(
      handles,
      crowd(20, async (handle, number) => {
        await revokeAt(handle, owner, id, NOW + number)
        return (await changesAfter(handle, before)).digests.has(digest)
      }),
    )
    expect(told).toEqual(told.map(() => true))
  })

  it('loses no change and no count of many that are made at the same time', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, 100, (number) => ({ owner: `owner-${number % 20}` }))
    const before = await feedOf(store).revision()
    const told = await race(
      handles,
      tokens.map(({ owner, id, digest }) => async (handle) => {
        await revokeAt(handle, owner, id, NOW + 1)
        return (await changesAfter(handle, before)).digests.has(digest)
      }),
    )
    expect(told).toEqual(told.map(() => true))
    expect((await changesAfter(store, before)).digests).toEqual(new Set(tokens.map(({ digest }) => digest)))
    expect(numberOf(await feedOf(store).revision()) - numberOf(before)).toBe(100)
  })
})
