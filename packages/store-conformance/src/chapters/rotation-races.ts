import type { TokenRecord, TokenStore } from '@tessera/core'
import { revokeAt } from '../change-at.ts'
import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'
import { crowd, race } from '../race.ts'
import type { Contender } from '../race.ts'
import { rotated, sampleRotation } from '../sample-rotation.ts'
import { NOW, OWNER, atMost, given, givenMany, idsOf, sampleRecord } from '../sample-token.ts'

const rotateIt =
  ({ id }: TokenRecord): Contender<unknown> =>
  (store: TokenStore) =>
    store.rotate(OWNER, id, sampleRotation())

export const rotationRaces: Chapter = chapter('rotate, under concurrency', (it) => {
  it('gives 200 who rotate one token at the same time one successor', async ({ expect, store, handles }) => {
    const { id } = await given(store)
    const answers = await race(
      handles,
      crowd(200, (handle) => handle.rotate(OWNER, id, sampleRotation())),
    )
    const [first, ...more] = answers.filter(({ outcome }) => outcome === 'rotated')
    expect(more).toEqual([])
    const others = answers.filter((answer) => answer !== first)
    expect(others).toEqual(others.map(() => ({ ...first, outcome: 'already_rotated' })))
    expect(await idsOf(store)).toHaveLength(2)
  })

  it('gives 100 who send the same key at the same time one rotation', async ({ expect, store, handles }) => {
    const { id } = await given(store)
    const idempotency = { key: 'rotate-42', fingerprint: 'a', expiresAt: NOW + 1_000 }
    const answers = await race(
      handles,
      crowd(100, (handle) => handle.rotate(OWNER, id, sampleRotation({ idempotency }))),
    )
    const successors = answers.flatMap((answer) => (answer.outcome === 'rotated' ? [answer.successor] : []))
    expect(successors).toHaveLength(1)
    const others = answers.filter(({ outcome }) => outcome !== 'rotated')
    expect(others).toEqual(others.map(() => ({ outcome: 'replayed', record: successors[0] })))
  })

  it('never lets an insert into the place that a rotation hands on', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, 25)
    const inserts = crowd(50, (handle) => handle.insert(sampleRecord(), atMost(25)))
    await race<unknown>(handles, [...inserts.slice(0, 25), ...tokens.map(rotateIt), ...inserts.slice(25)])
    expect(await idsOf(store)).toHaveLength(50)
    expect(await store.insert(sampleRecord(), atMost(26))).toEqual({ outcome: 'inserted' })
  })

  it('revokes the token whether or not it was rotated at the same time', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, 25)
    const revoke =
      ({ id }: TokenRecord): Contender<unknown> =>
      (handle) =>
        revokeAt(handle, OWNER, id, NOW + 1)
    await race(
      handles,
      tokens.flatMap((token, number) =>
        number % 2 === 0 ? [rotateIt(token), revoke(token)] : [revoke(token), rotateIt(token)],
      ),
    )
    for (const { id } of tokens) {
      const record = await store.find(OWNER, id)
      expect(record).toMatchObject({ revokedAt: NOW + 1, revokedReason: 'requested' })
      if (record?.rotatedTo) expect(await store.find(OWNER, record.rotatedTo)).toMatchObject({ rotatedFrom: id })
    }
  })

  it('revokes the predecessor once when the successor is used by 100 and rotated at the same time', async ({
    expect,
    store,
    handles,
  }) => {
    const { record, successor } = await rotated(store, await given(store))
    const completions = crowd(100, async (handle, number) => {
      await handle.completeRotation(OWNER, successor.id, NOW + 1 + number)
      return (await handle.find(OWNER, record.id))?.revokedAt
    })
    const revocations = await race<unknown>(handles, [...completions.slice(0, 50), ...completions.slice(50)])
    await race(handles, [rotateIt(successor), ...completions])
    const predecessor = await store.find(OWNER, record.id)
    expect(predecessor?.revokedAt).toBeGreaterThan(NOW)
    expect(revocations).toEqual(revocations.map(() => predecessor?.revokedAt))
    expect(await store.find(OWNER, successor.id)).toMatchObject({ revokedAt: null, rotatedFrom: record.id })
    expect((await store.find(OWNER, successor.id))?.rotatedTo).not.toBeNull()
  })
})
