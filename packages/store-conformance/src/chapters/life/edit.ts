import type { Edit } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import { changeAt, editAt, revokeAt } from '../../steps/change-at.ts'
import { NOW, OWNER, given, idsOf } from '../../steps/sample-token.ts'

const SCOPES = ['a', 'b', 'c', 'd', 'e']

export const edit: Chapter = chapter('edit', ['Core decides, a store executes'], (it) => {
  it('sets name, scopes and updatedAt and nothing else', async ({ expect, store, handles }) => {
    const token = await given(store, { scopes: SCOPES, expiresAt: NOW + 99, lastUsedAt: NOW + 1 })
    const renamed = { ...token, name: 'renamed', updatedAt: NOW + 5 }
    expect(await store.edit(OWNER, token.id, editAt(NOW + 5, { name: 'renamed' }))).toEqual({
      outcome: 'done',
      record: renamed,
    })
    const narrowed = { ...renamed, scopes: ['c', 'a'], updatedAt: NOW + 6 }
    expect(await store.edit(OWNER, token.id, editAt(NOW + 6, { scopes: ['c', 'a'] }))).toEqual({
      outcome: 'done',
      record: narrowed,
    })
    for (const handle of handles) expect(await handle.find(OWNER, token.id)).toEqual(narrowed)
    expect(await idsOf(store, { name: 'renamed' })).toEqual([token.id])
    expect(await store.edit(OWNER, token.id, editAt(NOW + 7, { scopes: [] }))).toMatchObject({
      record: { scopes: [] },
    })
  })

  it('changes nothing where all is so already', async ({ expect, store }) => {
    const token = await given(store, { scopes: SCOPES })
    const same = editAt(NOW + 5, { name: token.name, scopes: SCOPES })
    for (const each of [same, editAt(NOW + 5)]) {
      expect(await store.edit(OWNER, token.id, each)).toEqual({ outcome: 'done', record: token })
    }
    expect(await store.find(OWNER, token.id)).toEqual(token)
  })

  it('is done if all is so already, also if it may only narrow: it may be sent again', async ({ expect, store }) => {
    const { id } = await given(store, { scopes: SCOPES })
    const wished = (facts: Partial<Edit> = {}) =>
      editAt(NOW + 5, { name: 'renamed', scopes: ['a'], narrowOnly: true, ...facts })
    const done = await store.edit(OWNER, id, wished())
    for (const again of [wished(), wished({ at: NOW + 6 }), wished({ name: null })]) {
      expect(await store.edit(OWNER, id, again)).toEqual(done)
    }
    expect(done).toEqual({ outcome: 'done', record: await store.find(OWNER, id) })
  })

  it('never moves updatedAt backwards', async ({ expect, store }) => {
    const { id } = await given(store, { suspendedAt: NOW + 9 })
    expect(await store.edit(OWNER, id, editAt(NOW + 5, { name: 'renamed' }))).toMatchObject({
      record: { name: 'renamed', updatedAt: NOW + 9 },
    })
  })

  it('adds no scope that whoever edits may not add', async ({ expect, store }) => {
    const token = await given(store, { scopes: ['a', 'b'] })
    const refused = { outcome: 'insufficient_scope', scopes: ['c'] }
    const narrowing = editAt(NOW + 5, { name: 'renamed', scopes: ['b', 'c'], narrowOnly: true })
    expect(await store.edit(OWNER, token.id, narrowing)).toEqual({ ...refused, lackedBy: 'token' })
    const limited = editAt(NOW + 5, {
      name: 'renamed',
      scopes: ['b', 'c', 'd'],
      ceilings: [{ scopes: ['d'], networks: null, expiresAt: null }],
    })
    expect(await store.edit(OWNER, token.id, limited)).toEqual({ ...refused, lackedBy: 'giver' })
    expect(await store.find(OWNER, token.id)).toEqual(token)
    const allowed = editAt(NOW + 5, {
      scopes: ['b', 'd'],
      ceilings: [{ scopes: ['d'], networks: null, expiresAt: null }],
    })
    expect(await store.edit(OWNER, token.id, allowed)).toMatchObject({ record: { scopes: ['b', 'd'] } })
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
    const late = editAt(NOW + 5, { name: 'renamed', scopes: [] })
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
        return handle.edit(OWNER, id, editAt(NOW + number, { scopes: to, narrowOnly: true }))
      }),
    )
    const record = await store.find(OWNER, id)
    const done = answers.filter(({ outcome }) => outcome === 'done')
    expect(done.length, `narrowings of the token ${id} that took effect`).toBe(20)
    expectAlike(expect, done, { outcome: 'done', record }, `the one narrowing of the token ${id}`)
    const scopes = SCOPES.filter((scope) => record?.scopes.includes(scope) === false)
    const others = answers.filter(({ outcome }) => outcome !== 'done')
    const refused = { outcome: 'insufficient_scope', scopes, lackedBy: 'token' }
    expectAlike(expect, others, refused, `refused narrowings of the token ${id}`)
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
