import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { crowd, race } from '../../stage/race.ts'
import type { Stage } from '../../stage/store-under-test.ts'
import { resumeAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { sampleRotation } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, atMost, given, givenMany, neighbourOf, sampleRecord } from '../../steps/sample-token.ts'

/** How many tokens an insert counts that no owner may make. */
async function countedByInsert({ store }: Stage, now: number): Promise<number> {
  const answer = await store.insert(sampleRecord(), atMost(0, now))
  return answer.outcome === 'limit_reached' ? answer.active : Number.NaN
}

async function expectCount(stage: Stage, at: number, wanted: number): Promise<void> {
  const { store, expect } = stage
  expect([await store.countActive(OWNER, at), await countedByInsert(stage, at)]).toEqual([wanted, wanted])
}

const PROVES: readonly string[] = ["how many of the owner's tokens are active at an instant, of some prefixes"]

export const countActive: Chapter = chapter('counting active tokens', PROVES, (it) => {
  it('counts what an insert counts, after each step of a life', async (stage) => {
    const { store } = stage
    await expectCount(stage, NOW, 0)
    const [first, second, third] = await givenMany(store, 3)
    await given(store, { expiresAt: NOW + 10 })
    await given(store, { owner: neighbourOf(OWNER) })
    await expectCount(stage, NOW, 4)
    await suspendAt(store, OWNER, first?.id ?? '', NOW + 1)
    await store.rotate(OWNER, second?.id ?? '', sampleRotation())
    await expectCount(stage, NOW + 2, 4)
    await revokeAt(store, OWNER, third?.id ?? '', NOW + 3)
    await resumeAt(store, OWNER, first?.id ?? '', NOW + 4)
    await expectCount(stage, NOW + 9, 3)
    await expectCount(stage, NOW + 10, 2)
    await expectCount(stage, NOW + 5, 3)
  })

  it('counts the tokens of the prefixes that it names', async ({ expect, store }) => {
    for (const prefix of ['ot_pat', 'ot_old', 'ot_old', 'tok_live']) await given(store, { prefix })
    const count = (...prefixes: readonly string[]) => store.countActive(OWNER, NOW, prefixes)
    expect([await count('ot_pat'), await count('ot_old', 'ot_pat'), await count('nobodys')]).toEqual([1, 3, 0])
  })

  it('never exceeds the limit while 300 are inserted at once, and is exact at the end', async ({
    expect,
    store,
    handles,
  }) => {
    const inserting = crowd(300, async (handle) => (await handle.insert(sampleRecord(), atMost(25))).outcome)
    const counting = crowd(40, (handle) => handle.countActive(OWNER, NOW))
    const [outcomes, counts] = await Promise.all([race(handles, inserting), race(handles, counting)])
    expect(outcomes.filter((outcome) => outcome === 'inserted')).toHaveLength(25)
    expect(Math.max(...counts)).toBeLessThanOrEqual(25)
    expect(await store.countActive(OWNER, NOW)).toBe(25)
  })
})
