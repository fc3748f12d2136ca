import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import { changeAt, resumeAt, suspendAt } from '../../steps/change-at.ts'
import { NOW, OWNER, given, idsOf } from '../../steps/sample-token.ts'

export const suspend: Chapter = chapter('suspend and resume', ['Core decides, a store executes'], (it) => {
  it('suspend sets suspendedAt and updatedAt and nothing else', async ({ expect, store }) => {
    const token = await given(store, { expiresAt: NOW + 99, lastUsedAt: NOW + 1 })
    const suspended = { ...token, suspendedAt: NOW + 5, updatedAt: NOW + 5 }
    const done = { outcome: 'done', record: suspended }
    expect(await store.suspend(token.owner, token.id, changeAt(NOW + 5))).toEqual(done)
    expect(await store.suspend(token.owner, token.id, changeAt(NOW + 5))).toEqual(done)
    expect(await store.find(token.owner, token.id)).toEqual(suspended)
    expect(await idsOf(store, { statuses: ['suspended'] })).toEqual([token.id])
  })

  it('suspending again keeps the first suspension and moves updatedAt, never backwards', async ({ expect, store }) => {
    const token = await given(store, { suspendedAt: NOW + 5 })
    for (const [at, updatedAt] of [
      [NOW + 4, NOW + 5],
      [NOW + 7, NOW + 7],
      [NOW + 6, NOW + 7],
    ] as const) {
      expect(await suspendAt(store, token.owner, token.id, at)).toEqual({ ...token, updatedAt })
      expect(await store.find(token.owner, token.id)).toEqual({ ...token, updatedAt })
    }
  })

  it('resume that runs late never undoes a suspension that came after it', async ({ expect, store }) => {
    const { owner, id } = await given(store, { suspendedAt: NOW + 5 })
    expect(await store.resume(owner, id, changeAt(NOW + 4))).toMatchObject({
      outcome: 'outdated',
      record: { suspendedAt: NOW + 5, updatedAt: NOW + 5 },
    })
    await suspendAt(store, owner, id, NOW + 9)
    expect(await store.resume(owner, id, changeAt(NOW + 8))).toMatchObject({
      outcome: 'outdated',
      record: { suspendedAt: NOW + 5, updatedAt: NOW + 9 },
    })
    expect(await store.find(owner, id)).toMatchObject({ suspendedAt: NOW + 5 })
    expect(await store.resume(owner, id, changeAt(NOW + 9))).toMatchObject({ outcome: 'done' })
    expect(await store.find(owner, id)).toMatchObject({ suspendedAt: null })
  })

  it('resume clears suspendedAt, sets updatedAt and nothing else', async ({ expect, store }) => {
    const token = await given(store, { suspendedAt: NOW + 5, lastUsedAt: NOW + 1 })
    const resumed = { ...token, suspendedAt: null, updatedAt: NOW + 7 }
    const done = { outcome: 'done', record: resumed }
    expect(await store.resume(token.owner, token.id, changeAt(NOW + 7))).toEqual(done)
    expect(await store.find(token.owner, token.id)).toEqual(resumed)
    expect(await idsOf(store, { statuses: ['active'] })).toEqual([token.id])
  })

  it('resume leaves a token that is not suspended as it is', async ({ expect, store }) => {
    const token = await given(store)
    const done = { outcome: 'done', record: token }
    expect(await store.resume(token.owner, token.id, changeAt(NOW + 7))).toEqual(done)
  })

  it('suspends again after a resume', async ({ expect, store }) => {
    const { owner, id } = await given(store, { suspendedAt: NOW + 1 })
    await resumeAt(store, owner, id, NOW + 2)
    expect(await suspendAt(store, owner, id, NOW + 3)).toMatchObject({ suspendedAt: NOW + 3, updatedAt: NOW + 3 })
  })

  it('neither changes a revoked token', async ({ expect, store }) => {
    const plain = await given(store, { revokedAt: NOW + 5 })
    const suspended = await given(store, { suspendedAt: NOW + 4, revokedAt: NOW + 5 })
    for (const token of [plain, suspended]) {
      const refused = { outcome: 'not_allowed', record: token }
      expect(await store.suspend(token.owner, token.id, changeAt(NOW + 6))).toEqual(refused)
      expect(await store.resume(token.owner, token.id, changeAt(NOW + 7))).toEqual(refused)
      expect(await store.find(token.owner, token.id)).toEqual(token)
    }
  })

  it('both change an expired token', async ({ expect, store }) => {
    const { owner, id } = await given(store, { expiresAt: NOW + 1 })
    expect(await suspendAt(store, owner, id, NOW + 2)).toMatchObject({ suspendedAt: NOW + 2 })
    expect(await resumeAt(store, owner, id, NOW + 3)).toMatchObject({ suspendedAt: null })
  })

  it('both find no unknown id', async ({ expect, store }) => {
    await given(store)
    expect(await store.suspend(OWNER, 'unknown', changeAt(NOW))).toEqual({ outcome: 'not_found' })
    expect(await store.resume(OWNER, 'unknown', changeAt(NOW))).toEqual({ outcome: 'not_found' })
  })

  it('20 who suspend at the same time agree on one suspension', async ({ expect, store, handles }) => {
    const { owner, id } = await given(store)
    const answers = await race(
      handles,
      crowd(20, (handle, number) => suspendAt(handle, owner, id, NOW + number)),
    )
    const stored = await store.find(owner, id)
    expect(stored?.suspendedAt).toBeGreaterThanOrEqual(NOW)
    expect(stored?.updatedAt).toBe(NOW + 19)
    expectAlike(
      expect,
      answers.map((answer) => answer?.suspendedAt),
      stored?.suspendedAt,
      `suspensions of the token ${id}`,
    )
  })

  it('20 who resume at the same time agree on one resumption', async ({ expect, store, handles }) => {
    const { owner, id } = await given(store, { suspendedAt: NOW + 1 })
    const answers = await race(
      handles,
      crowd(20, (handle, number) => resumeAt(handle, owner, id, NOW + 2 + number)),
    )
    const stored = await store.find(owner, id)
    expect(stored).toMatchObject({ suspendedAt: null })
    expect(stored?.updatedAt).toBeGreaterThanOrEqual(NOW + 2)
    expectAlike(expect, answers, stored, `resumptions of the token ${id}`)
  })
})
