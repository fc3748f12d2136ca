import { shardOf } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { revokeAt } from '../../steps/change-at.ts'
import { FREELY, NOW, given, sampleRecord } from '../../steps/sample-token.ts'

const PROVES: readonly string[] = [
  'The step `insert` in one trip.',
  '`add` rejects for an id or a digest in use',
  'Instants are epoch milliseconds.',
]

export const insert: Chapter = chapter('insert', PROVES, (it) => {
  it('keeps every field as it was given', async ({ expect, store }) => {
    const record = sampleRecord({ expiresAt: NOW + 1 })
    expect(await store.insert(record, FREELY)).toEqual({ outcome: 'inserted' })
    expect(await store.find(record.owner, record.id)).toEqual(record)
  })

  it('keeps null apart from empty', async ({ expect, store }) => {
    const networks = ['10.0.0.0/8', '2001:db8::/32']
    const full = await given(store, { networks, expiresAt: NOW + 1, createdBy: 'ada', attributes: { note: '' } })
    const empty = await given(store, { expiresAt: null, createdBy: null, scopes: [], attributes: {}, networks: null })
    const closed = await given(store, { networks: [] })
    expect(await store.find(closed.owner, closed.id)).toEqual(closed)
    expect(await store.find(full.owner, full.id)).toEqual(full)
    expect(await store.find(empty.owner, empty.id)).toEqual(empty)
  })

  it('keeps the order of scopes', async ({ expect, store }) => {
    const token = await given(store, { scopes: ['zebra:read', 'apple:read', '10', '9'] })
    expect((await store.find(token.owner, token.id))?.scopes).toEqual(['zebra:read', 'apple:read', '10', '9'])
  })

  it('refuses an id that the owner has, and leaves the token as it is', async ({ expect, store }) => {
    const token = await given(store)
    const second = sampleRecord({ id: token.id, name: 'second' })
    expect(await store.insert(second, FREELY)).toEqual({ outcome: 'id_taken' })
    expect(await store.find(token.owner, token.id)).toEqual(token)
    expect(await store.findByDigest([second.digest], shardOf(second.owner))).toBeNull()
  })

  it('refuses the id of a revoked token', async ({ expect, store }) => {
    const token = await given(store, { revokedAt: NOW })
    expect(await store.insert(sampleRecord({ id: token.id }), FREELY)).toEqual({ outcome: 'id_taken' })
    expect(await store.find(token.owner, token.id)).toEqual(token)
  })

  it('hands out records that later changes leave as they are', async ({ expect, store }) => {
    const { owner, id } = await given(store)
    const before = await store.find(owner, id)
    const copy = structuredClone(before)
    await revokeAt(store, owner, id, NOW + 1)
    await store.recordUse([{ owner, id, at: NOW + 2 }])
    expect(before).toEqual(copy)
  })
})
