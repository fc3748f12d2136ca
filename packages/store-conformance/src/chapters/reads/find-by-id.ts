import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { retentionAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { rotated } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, given, givenMany, neighbourOf, sampleDigest } from '../../steps/sample-token.ts'

const PROVES: readonly string[] = ['The record of any owner with this id']

export const findById: Chapter = chapter('find by id', PROVES, (it) => {
  it("finds each owner's tokens without the owner", async ({ expect, store }) => {
    const owners = [OWNER, neighbourOf(OWNER), 'other', `${OWNER}1`, 'ärger ☃']
    const tokens = await givenMany(store, 15, (number) => ({ owner: owners[number % owners.length] ?? OWNER }))
    for (const token of tokens) expect(await store.findById(token.id)).toEqual(token)
  })

  it('answers null for an unknown id', async ({ expect, store }) => {
    expect(await store.findById('unknown')).toBeNull()
    const { id } = await given(store)
    for (const near of [`${id}x`, id.slice(0, -1), id.toUpperCase(), '']) {
      expect(await store.findById(near)).toBeNull()
    }
  })

  it('shows the token as it is', async ({ expect, store }) => {
    const token = await given(store, { issuedBy: 'maker', makers: ['line', 'far'] })
    await suspendAt(store, OWNER, token.id, NOW + 1)
    await store.rekey(OWNER, token.id, sampleDigest('peppered'))
    expect(await store.findById(token.id)).toEqual(await store.find(OWNER, token.id))
    expect(await store.findById(token.id)).toMatchObject({ suspendedAt: NOW + 1, digest: sampleDigest('peppered') })
    await revokeAt(store, OWNER, token.id, NOW + 2)
    expect(await store.findById(token.id)).toMatchObject({ revokedAt: NOW + 2 })
    await store.prune(retentionAt(NOW + 3))
    expect(await store.findById(token.id)).toBeNull()
  })

  it('finds a successor, and its predecessor', async ({ expect, store }) => {
    const token = await given(store)
    await rotated(store, token, { at: NOW + 1 })
    const former = await store.findById(token.id)
    expect(former?.rotatedTo).not.toBeNull()
    expect(await store.findById(former?.rotatedTo ?? '')).toMatchObject({ rotatedFrom: token.id })
  })
})
