import type { TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike, expectCount, expectNames } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import type { Contender } from '../../stage/race.ts'
import { revokeAt } from '../../steps/change-at.ts'
import { rotated, sampleRotation } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, atMost, given, givenMany, idsOf, sampleRecord } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const rotateIt =
  ({ id }: TokenRecord): Contender<unknown> =>
  (store: StepsOnStore) =>
    store.rotate(OWNER, id, sampleRotation())

const PROVES: readonly string[] = ['Any number of processes may call it at once']

export const rotationRaces: Chapter = chapter('rotate, under concurrency', PROVES, (it) => {
  it('gives 200 with the secret who rotate one token at the same time one successor', async ({
    expect,
    store,
    handles,
  }) => {
    const { id } = await given(store)
    const answers = await race(
      handles,
      crowd(200, (handle) => handle.rotate(OWNER, id, sampleRotation({ sealedSuccessor: 'v1.sealed' }))),
    )
    const [first, ...more] = answers.filter(({ outcome }) => outcome === 'rotated')
    expect(more).toEqual([])
    const others = answers.filter((answer) => answer !== first)
    const pair = first?.outcome === 'rotated' ? first : null
    expectAlike(
      expect,
      others,
      { outcome: 'already_rotated', record: pair?.record, successor: pair?.successor },
      `rotations of the token ${id}`,
    )
    expectCount(expect, await idsOf(store), 2, 'tokens after one rotation')
  })

  it('leaves 50 who rotate one token at the same time without the secret one successor that is not revoked', async ({
    expect,
    store,
    handles,
  }) => {
    const { id } = await given(store)
    const answers = await race(
      handles,
      crowd(50, (handle) => handle.rotate(OWNER, id, sampleRotation())),
    )
    expectAlike(
      expect,
      answers.map(({ outcome }) => outcome),
      'rotated',
      `rotations of the token ${id}`,
    )
    const { rotatedTo } = (await store.find(OWNER, id)) ?? {}
    expectNames(expect, await idsOf(store, { statuses: ['active'] }), [id, rotatedTo ?? ''], 'tokens still accepted')
  })

  it('gives 100 who send the same key at the same time one rotation', async ({ expect, store, handles }) => {
    const { id } = await given(store)
    const idempotency = { key: 'rotate-42', fingerprint: 'a', expiresAt: NOW + 1_000 }
    const answers = await race(
      handles,
      crowd(100, (handle) => handle.rotate(OWNER, id, sampleRotation({ idempotency }))),
    )
    const successors = answers.flatMap((answer) => (answer.outcome === 'rotated' ? [answer.successor] : []))
    expectCount(
      expect,
      successors.map((successor) => successor.id),
      1,
      `successors of the token ${id}`,
    )
    const others = answers.filter(({ outcome }) => outcome !== 'rotated')
    expectAlike(expect, others, { outcome: 'replayed', record: successors[0] }, `rotations of the token ${id}`)
  })

  it('never lets an insert into the place that a rotation hands on', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, 25)
    const inserts = crowd(50, (handle) => handle.insert(sampleRecord(), atMost(25)))
    await race<unknown>(handles, [...inserts.slice(0, 25), ...tokens.map(rotateIt), ...inserts.slice(25)])
    expectCount(expect, await idsOf(store), 50, 'tokens after 25 rotations at the limit')
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
    expectAlike(expect, revocations, predecessor?.revokedAt, `revocation of the predecessor ${record.id}`)
    expect(await store.find(OWNER, successor.id)).toMatchObject({ revokedAt: null, rotatedFrom: record.id })
    expect((await store.find(OWNER, successor.id))?.rotatedTo).not.toBeNull()
  })
})
