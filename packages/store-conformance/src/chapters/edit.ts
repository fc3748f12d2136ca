import type { Edit } from '@tessera/core'
import { changeAt, revokeAt } from '../change-at.ts'
import { chapter } from '../chapter.ts'
import type { Chapter } from '../chapter.ts'
import { crowd, race } from '../race.ts'
import { NOW, OWNER, given, idsOf } from '../sample-token.ts'

const SCOPES = ['a', 'b', 'c', 'd', 'e']

function editAt(at: number, facts: Partial<Edit> = {}): Edit {
  return { ...changeAt(at), name: null, scopes: null, ...facts }
}

export const edit: Chapter = chapter('edit', (it) => {
  it('sets name, scopes and updatedAt and nothing else', async ({ expect, store, handles }) => {
    const token = await given(store, { scopes: SCOPES, expiresAt: NOW + 99, lastUsedAt: NOW + 1 })
    const renamed = { ...token, name: 'renamed', updatedAt: NOW + 5 }
    expect(await store.edit(OWNER, token.id, editAt(NOW + 5, { name: 'renamed' }))).toEqual({
      outcome: 'done',
      record: renamed,
    })
    const narrowed = { ...renamed, scopes: ['c', 'a'], updatedAt: NOW + 6 }
    const scopes = { from: SCOPES, to: ['c', 'a'] }
    expect(await store.edit(OWNER, token.id, editAt(NOW + 6, { scopes }))).toEqual({
      outcome: 'done',
      record: narrowed,
    })
    for (const handle of handles) expect(await handle.find(OWNER, token.id)).toEqual(narrowed)
    expect(await idsOf(store, { name: 'renamed' })).toEqual([token.id])
    const none = { from: ['c', 'a'], to: [] }
    expect(await store.edit(OWNER, token.id, editAt(NOW + 7, { scopes: none }))).toMatchObject({
      record: { scopes: [] },
    })
  })

  it('changes nothing where all is so already', async ({ expect, store }) => {
    const token = await given(store, { scopes: SCOPES })
    const same = editAt(NOW + 5, { name: token.name, scopes: { from: SCOPES, to: SCOPES } })
    for (const each of [same, editAt(NOW + 5)]) {
      expect(await store.edit(OWNER, token.id, each)).toEqual({ outcome: 'done', record: token })
    }
    expect(await store.find(OWNER, token.id)).toEqual(token)
  })

  it('is done where all is so already, whatever it goes out from: it may be sent again', async ({ expect, store }) => {
    const { id } = await given(store, { scopes: SCOPES })
    const wished = (facts: Partial<Edit> = {}, from = SCOPES) =>
      editAt(NOW + 5, { name: 'renamed', scopes: { from, to: ['a'] }, ...facts })
    const done = await store.edit(OWNER, id, wished())
    for (const again of [wished(), wished({ at: NOW + 6 }), wished({ name: null }), wished({}, ['b'])]) {
      expect(await store.edit(OWNER, id, again)).toEqual(done)
    }
    const record = await store.find(OWNER, id)
    expect(done).toEqual({ outcome: 'done', record })
    expect(await store.edit(OWNER, id, wished({ name: 'other' }))).toEqual({ outcome: 'outdated', record })
    expect(await store.find(OWNER, id)).toEqual(record)
  })

  it('never moves updatedAt backwards', async ({ expect, store }) => {
    const { id } = await given(store, { suspendedAt: NOW + 9 })
    expect(await store.edit(OWNER, id, editAt(NOW + 5, { name: 'renamed' }))).toMatchObject({
      record: { name: 'renamed', updatedAt: NOW + 9 },
    })
  })

  it('is outdated where the scopes are not those that it goes out from, to the order', async ({ expect, store }) => {
    const token = await given(store, { scopes: SCOPES })
    for (const from of [['a'], [...SCOPES, 'f'], SCOPES.toReversed(), []]) {
      const outdated = editAt(NOW + 5, { name: 'renamed', scopes: { from, to: ['a'] } })
      expect(await store.edit(OWNER, token.id, outdated)).toEqual({ outcome: 'outdated', record: token })
    }
    expect(await store.find(OWNER, token.id)).toEqual(token)
  })

  it('edits a suspended and an expired token, and no revoked one', async ({ expect, store }) => {
    for (const facts of [{ suspendedAt: NOW }, { expiresAt: NOW + 1 }]) {
      const { id } = await given(store, facts)
      const renamed = { outcome: 'done', record: { name: 'renamed' } }
      expect(await store.edit(OWNER, id, editAt(NOW + 5, { name: 'renamed' }))).toMatchObject(renamed)
    }
    const token = await given(store)
    await revokeAt(store, OWNER, token.id, NOW + 1)
    const record = await store.find(OWNER, token.id)
    const late = editAt(NOW + 5, { name: 'renamed', scopes: { from: [], to: [] } })
    expect(await store.edit(OWNER, token.id, late)).toEqual({ outcome: 'not_allowed', record })
    expect(await store.find(OWNER, token.id)).toEqual(record)
    expect(await store.edit(OWNER, 'unknown', late)).toEqual({ outcome: 'not_found' })
  })

  it('makes one of five narrowings that 20 each ask for at the same time, so that none widens', async ({
    expect,
    store,
    handles,
  }) => {
    const { id } = await given(store, { scopes: SCOPES })
    const answers = await race(
      handles,
      crowd(100, (handle, number) => {
        const to = SCOPES.filter((_, place) => place !== number % SCOPES.length)
        return handle.edit(OWNER, id, editAt(NOW + number, { scopes: { from: SCOPES, to } }))
      }),
    )
    const record = await store.find(OWNER, id)
    const done = answers.filter(({ outcome }) => outcome === 'done')
    expect(done).toEqual(Array.from({ length: 20 }, () => ({ outcome: 'done', record })))
    const others = answers.filter(({ outcome }) => outcome !== 'done')
    expect(others).toEqual(Array.from({ length: 80 }, () => ({ outcome: 'outdated', record })))
  })

  it('keeps a revocation and a suspension that are made at the same time', async ({ expect, store, handles }) => {
    const tokens = await Promise.all(Array.from({ length: 25 }, () => given(store)))
    await race<unknown>(
      handles,
      tokens.flatMap(({ id }) => [
        (handle) => handle.edit(OWNER, id, editAt(NOW + 5, { name: 'renamed' })),
        (handle) => handle.suspend(OWNER, id, changeAt(NOW + 6)),
        (handle) => handle.edit(OWNER, id, editAt(NOW + 7, { name: 'renamed' })),
        (handle) => revokeAt(handle, OWNER, id, NOW + 8),
        (handle) => handle.edit(OWNER, id, editAt(NOW + 9, { name: 'late' })),
      ]),
    )
    for (const { id } of tokens) expect(await store.find(OWNER, id)).toMatchObject({ revokedAt: NOW + 8 })
  })
})
