import type { TokenRecord } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectCount, expectNames } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import { retentionAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { rotated } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, atMost, given, givenMany, idsOf, sampleRecord } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

const EXPIRY = NOW + 10
const TOKENS = 25

/** Records a use that extends the token, and answers with the record after it. */
async function usedAt(store: StepsOnStore, { owner, id }: TokenRecord, at: number, extendTo: number) {
  await store.recordUse([{ owner, id, at, extendTo }])
  return store.find(owner, id)
}

const PROVES: readonly string[] = ['in the order of the uses', 'Any number of processes may call it at once']

export const extendExpiry: Chapter = chapter('recordUse, where it extends the expiry', PROVES, (it) => {
  it('moves expiresAt forward with lastUsedAt, and nothing else', async ({ expect, store }) => {
    const token = await given(store, { expiresAt: EXPIRY })
    const extended = { ...token, lastUsedAt: NOW + 5, expiresAt: NOW + 50 }
    expect(await usedAt(store, token, NOW + 5, NOW + 50)).toEqual(extended)
  })

  it('moves no expiry that was asked for, and none beyond the ceiling', async ({ expect, store }) => {
    const fixed = await given(store, { expiresAt: EXPIRY, fixedExpiry: true })
    expect(await usedAt(store, fixed, NOW + 5, NOW + 50)).toEqual({ ...fixed, lastUsedAt: NOW + 5 })
    const under = await given(store, { expiresAt: EXPIRY, expiryCeiling: NOW + 20 })
    expect(await usedAt(store, under, NOW + 5, NOW + 50)).toEqual({
      ...under,
      ...{ lastUsedAt: NOW + 5, expiresAt: NOW + 20 },
    })
  })

  it('moves expiresAt never back, whatever the order of the uses', async ({ expect, store }) => {
    const token = await given(store, { expiresAt: EXPIRY })
    for (const [extendTo, expected] of [
      [5, 10],
      [50, 50],
      [49, 50],
      [60, 60],
    ] as const) {
      expect(await usedAt(store, token, NOW + 5, NOW + extendTo)).toMatchObject({ expiresAt: NOW + expected })
    }
  })

  it('extends by a use that is not the last', async ({ expect, store }) => {
    const token = await given(store, { expiresAt: EXPIRY, lastUsedAt: NOW + 9 })
    const extended = { ...token, expiresAt: NOW + 50 }
    expect(await usedAt(store, token, NOW + 5, NOW + 50)).toEqual(extended)
  })

  it('extends up to the last instant of a life, and gives none back', async ({ expect, store }) => {
    for (const [at, expiresAt] of [
      [EXPIRY - 1, NOW + 50],
      [EXPIRY, EXPIRY],
      [EXPIRY + 5, EXPIRY],
    ] as const) {
      const token = await given(store, { expiresAt: EXPIRY })
      expect(await usedAt(store, token, at, NOW + 50)).toEqual({ ...token, lastUsedAt: at, expiresAt })
    }
  })

  it('sets no expiry where there is none', async ({ expect, store }) => {
    const token = await given(store)
    expect(await usedAt(store, token, NOW + 5, NOW + 50)).toEqual({ ...token, lastUsedAt: NOW + 5 })
  })

  it('extends a suspended token, and none that is revoked, also by a use before that', async ({ expect, store }) => {
    const suspended = await given(store, { expiresAt: EXPIRY, suspendedAt: NOW + 4 })
    const revoked = await given(store, { expiresAt: EXPIRY, revokedAt: NOW + 4 })
    const extended = { ...suspended, lastUsedAt: NOW + 5, expiresAt: NOW + 50 }
    expect(await usedAt(store, suspended, NOW + 5, NOW + 50)).toEqual(extended)
    expect(await usedAt(store, revoked, NOW + 3, NOW + 50)).toEqual({ ...revoked, lastUsedAt: NOW + 3 })
    expect(await usedAt(store, revoked, NOW + 5, NOW + 50)).toEqual({ ...revoked, lastUsedAt: NOW + 5 })
  })

  it('extends a token that was rotated until the end of its overlap, which stays', async ({ expect, store }) => {
    const { record } = await rotated(store, await given(store, { expiresAt: EXPIRY }), { overlapMs: 5 })
    const overlapEndsAt = NOW + 5
    expect(await usedAt(store, record, NOW + 5, NOW + 50)).toMatchObject({ expiresAt: EXPIRY, overlapEndsAt })
    expect(await usedAt(store, record, NOW + 4, NOW + 50)).toMatchObject({ expiresAt: NOW + 50, overlapEndsAt })
    expect(await idsOf(store, { now: NOW + 5, statuses: ['revoked'] })).toEqual([record.id])
  })

  it('takes the uses of one batch in their order, and each for its own token', async ({ expect, store }) => {
    const tokens = await givenMany(store, 200, (number) => ({ owner: `owner-${number % 17}`, expiresAt: EXPIRY }))
    const first = tokens.map(({ owner, id }, number) => ({ owner, id, at: NOW, extendTo: NOW + 20 + number }))
    const second = tokens.map(({ owner, id }) => ({ owner, id, at: NOW + 15, extendTo: NOW + 500 }))
    await store.recordUse([
      ...first,
      ...second.slice(0, 100),
      ...second.slice(100).map(({ owner, id, at }) => ({ owner, id, at })),
    ])
    for (const [number, { owner, id }] of tokens.entries()) {
      const expiresAt = number < 100 ? NOW + 500 : NOW + 20 + number
      expect(await store.find(owner, id)).toMatchObject({ expiresAt, lastUsedAt: NOW + 15 })
    }
    await store.recordUse([...second.slice(100).reverse(), ...first])
    expect(await store.find(tokens[199]?.owner ?? '', tokens[199]?.id ?? '')).toMatchObject({ expiresAt: NOW + 500 })
  })

  it('is what everything goes by afterwards: lists, the cap, rotation and prune', async ({ expect, store }) => {
    const [token, other] = [await given(store, { expiresAt: EXPIRY }), await given(store, { expiresAt: EXPIRY })]
    const extended = await usedAt(store, token, NOW + 5, NOW + 50)
    expect(await idsOf(store, { now: NOW + 49, statuses: ['active'] })).toEqual([token.id])
    expect(await idsOf(store, { now: NOW + 49, statuses: ['expired'] })).toEqual([other.id])
    const full = { outcome: 'limit_reached', active: 1 }
    expect(await store.insert(sampleRecord(), atMost(1, NOW + 49))).toEqual(full)
    expect(await store.prune(retentionAt(NOW + 50))).toBe(1)
    expect(await store.find(OWNER, token.id)).toEqual(extended)
    const { successor } = await rotated(store, token, { at: NOW + 49 })
    expect(successor).toMatchObject({ expiresAt: NOW + 50, overlapEndsAt: NOW + 50 })
    expect(await store.insert(sampleRecord(), atMost(1, NOW + 50))).toEqual({ outcome: 'inserted' })
    expect(await store.prune(retentionAt(NOW + 51))).toBe(2)
  })

  it('keeps the latest of many extensions at the same time', async ({ expect, store, handles }) => {
    const token = await given(store, { expiresAt: EXPIRY })
    await race(
      handles,
      crowd(100, (handle, number) => usedAt(handle, token, NOW + 5, NOW + 20 + ((number * 37) % 100))),
    )
    expect(await store.find(OWNER, token.id)).toMatchObject({ expiresAt: NOW + 119 })
  })

  it('holds beside suspensions at the same time, as they do beside it', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, TOKENS, () => ({ expiresAt: EXPIRY }))
    await race(
      handles,
      tokens.flatMap((token) => [
        (handle) => suspendAt(handle, OWNER, token.id, NOW + 6),
        (handle) => usedAt(handle, token, NOW + 5, NOW + 50),
      ]),
    )
    const both = { suspendedAt: NOW + 6, updatedAt: NOW + 6, lastUsedAt: NOW + 5, expiresAt: NOW + 50 }
    for (const token of tokens) expect(await store.find(OWNER, token.id)).toEqual({ ...token, ...both })
  })

  it('undoes no revocation at the same time, and moves nothing after it', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, TOKENS, () => ({ expiresAt: EXPIRY }))
    await race<unknown>(
      handles,
      tokens.flatMap((token, number) => {
        const use = (handle: StepsOnStore) => usedAt(handle, token, NOW + 5, NOW + 50)
        const revocation = async (handle: StepsOnStore) => {
          const revoked = await revokeAt(handle, OWNER, token.id, NOW + 6)
          await usedAt(handle, token, NOW + 7, NOW + 60)
          expect(await handle.find(OWNER, token.id)).toMatchObject({
            revokedAt: NOW + 6,
            expiresAt: revoked?.expiresAt,
          })
        }
        return number % 2 === 0 ? [use, revocation] : [revocation, use]
      }),
    )
    expectCount(expect, await idsOf(store, { statuses: ['revoked'] }), TOKENS, 'revoked tokens')
  })

  it('extends or loses to prune, and nothing between', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, TOKENS, () => ({ expiresAt: EXPIRY }))
    const uses = tokens.map((token) => (handle: StepsOnStore) => usedAt(handle, token, EXPIRY - 1, NOW + 50))
    const prune = (handle: StepsOnStore) => handle.prune(retentionAt(EXPIRY + 1))
    const answers = await race<unknown>(handles, [...uses.slice(0, 12), prune, ...uses.slice(12), prune])
    const left = await idsOf(store, { now: NOW + 49, statuses: ['active'] })
    const pruned = answers.filter((answer) => typeof answer === 'number')
    expect(pruned.reduce((sum, count) => sum + count, left.length)).toBe(TOKENS)
    for (const token of tokens) {
      const extended = left.includes(token.id) ? { ...token, expiresAt: NOW + 50, lastUsedAt: EXPIRY - 1 } : null
      expect(await store.find(OWNER, token.id)).toEqual(extended)
    }
    expectNames(expect, await idsOf(store), left, 'tokens left by prune')
    expect(await store.insert(sampleRecord(), atMost(left.length + 1, NOW + 49))).toEqual({ outcome: 'inserted' })
  })
})
