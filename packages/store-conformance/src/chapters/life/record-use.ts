import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { crowd, race } from '../../stage/race.ts'
import { NOW, OWNER, given, givenMany } from '../../steps/sample-token.ts'

const PROVES: readonly string[] = ['in the order of the uses', 'Passes over unknown tokens']

export const recordUse: Chapter = chapter('recordUse', PROVES, (it) => {
  it('sets lastUsedAt and nothing else', async ({ expect, store }) => {
    const token = await given(store, { expiresAt: NOW + 99, suspendedAt: NOW + 1 })
    await store.recordUse([{ owner: token.owner, id: token.id, at: NOW + 5 }])
    expect(await store.find(token.owner, token.id)).toEqual({ ...token, lastUsedAt: NOW + 5 })
  })

  it('moves lastUsedAt forward and never back', async ({ expect, store }) => {
    const { owner, id } = await given(store)
    for (const [at, expected] of [
      [5, 5],
      [4, 5],
      [6, 6],
      [6, 6],
      [1, 6],
    ] as const) {
      await store.recordUse([{ owner, id, at: NOW + at }])
      expect((await store.find(owner, id))?.lastUsedAt).toBe(NOW + expected)
    }
  })

  it('takes the latest of several uses in one batch', async ({ expect, store }) => {
    const { owner, id } = await given(store)
    await store.recordUse([5, 9, 7].map((at) => ({ owner, id, at: NOW + at })))
    expect((await store.find(owner, id))?.lastUsedAt).toBe(NOW + 9)
  })

  it('records the uses of many tokens of many owners in one batch', async ({ expect, store }) => {
    const tokens = await givenMany(store, 200, (number) => ({ owner: `owner-${number % 17}` }))
    await store.recordUse(tokens.map(({ owner, id }, number) => ({ owner, id, at: NOW + number })))
    for (const [number, { owner, id }] of tokens.entries()) {
      expect((await store.find(owner, id))?.lastUsedAt).toBe(NOW + number)
    }
  })

  it('passes over unknown tokens, creates nothing for them, and records the others', async ({ expect, store }) => {
    const { owner, id } = await given(store)
    const unknown = ['unknown', '__proto__'].map((name) => ({ owner, id: name, at: NOW + 5 }))
    await store.recordUse([...unknown, { owner: 'nobody', id, at: NOW + 5 }, { owner, id, at: NOW + 5 }])
    expect((await store.find(owner, id))?.lastUsedAt).toBe(NOW + 5)
    expect(await store.find(owner, 'unknown')).toBeNull()
    expect(await store.find('nobody', id)).toBeNull()
  })

  it('takes an empty batch', async ({ expect, store }) => {
    expect(await store.recordUse([])).toBeUndefined()
  })

  it('leaves a revoked token revoked', async ({ expect, store }) => {
    const token = await given(store, { revokedAt: NOW + 4 })
    await store.recordUse([{ owner: token.owner, id: token.id, at: NOW + 5 }])
    expect(await store.find(token.owner, token.id)).toEqual({ ...token, lastUsedAt: NOW + 5 })
  })

  it('keeps the latest of many uses recorded at the same time', async ({ expect, store, handles }) => {
    const { id } = await given(store)
    const use = (number: number) => ({ owner: OWNER, id, at: NOW + ((number * 37) % 100) })
    await race(
      handles,
      crowd(100, (handle, number) => handle.recordUse([use(number)])),
    )
    expect((await store.find(OWNER, id))?.lastUsedAt).toBe(NOW + 99)
  })
})
