import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { retentionAt, revocationAt, revokeAt } from '../../steps/change-at.ts'
import { OVERLAP_MS, rotated, sampleRotation } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, given, idsOf } from '../../steps/sample-token.ts'

const END = NOW + OVERLAP_MS

const PROVES: readonly string[] = ['Core decides, a store executes', 'Links to it stay.']

export const completeRotation: Chapter = chapter('completeRotation', PROVES, (it) => {
  it('revokes the predecessor and changes nothing else about the token', async ({ expect, store, handles }) => {
    const { record, successor } = await rotated(store, await given(store), { sealedSuccessor: 'v1.sealed' })
    const completed = { ...successor, pending: false, overlapEndsAt: null }
    expect(await store.completeRotation(OWNER, successor.id, NOW + 5)).toEqual(completed)
    const end = { revokedAt: NOW + 5, revokedReason: 'rotated', updatedAt: NOW + 5, sealedSuccessor: null }
    for (const handle of handles) {
      expect(await handle.find(OWNER, successor.id)).toEqual(completed)
      expect(await handle.find(OWNER, record.id)).toEqual({ ...record, ...end })
      expect(await idsOf(handle, { statuses: ['revoked'] })).toEqual([record.id])
    }
  })

  it('changes nothing the second time', async ({ expect, store }) => {
    const { record, successor } = await rotated(store, await given(store))
    const first = await store.completeRotation(OWNER, successor.id, NOW + 5)
    expect(await store.completeRotation(OWNER, successor.id, NOW + 6)).toEqual(first)
    expect(await store.find(OWNER, record.id)).toMatchObject({ revokedAt: NOW + 5 })
  })

  it('writes the end of an overlap that is over', async ({ expect, store }) => {
    const { record, successor } = await rotated(store, await given(store))
    await store.completeRotation(OWNER, successor.id, END + 5)
    expect(await store.find(OWNER, record.id)).toMatchObject({ revokedAt: END, updatedAt: END })
  })

  it('keeps the revocation of a predecessor that was revoked before', async ({ expect, store }) => {
    const { record, successor } = await rotated(store, await given(store))
    await store.revoke(OWNER, record.id, revocationAt(NOW + 1, { reason: 'leaked' }))
    const completed = { ...successor, pending: false, overlapEndsAt: null }
    expect(await store.completeRotation(OWNER, successor.id, NOW + 5)).toEqual(completed)
    expect(await store.find(OWNER, record.id)).toMatchObject({ revokedAt: NOW + 1, revokedReason: 'leaked' })
  })

  it('needs no predecessor, and changes nothing once the token itself is revoked', async ({ expect, store }) => {
    const { record, successor } = await rotated(store, await given(store))
    await revokeAt(store, OWNER, record.id, NOW)
    await store.prune(retentionAt(NOW + 1))
    expect(await store.find(OWNER, record.id)).toBeNull()
    expect(await store.completeRotation(OWNER, successor.id, NOW + 5)).toMatchObject({ pending: false })
    const other = await rotated(store, await given(store))
    const revoked = await revokeAt(store, OWNER, other.successor.id, NOW + 2)
    expect(await store.completeRotation(OWNER, other.successor.id, NOW + 5)).toEqual(revoked)
    expect(await store.find(OWNER, other.record.id)).toEqual(other.record)
  })

  it('revokes all earlier tokens that overlap, for a token that was rotated itself too', async ({ expect, store }) => {
    const first = await rotated(store, await given(store))
    const second = await rotated(store, first.successor, { at: NOW + 1 })
    const end = { revokedAt: NOW + 5, revokedReason: 'rotated' }
    const used = { ...second.record, pending: false }
    expect(await store.completeRotation(OWNER, second.record.id, NOW + 5)).toEqual(used)
    expect(await store.find(OWNER, first.record.id)).toMatchObject(end)
    expect(await store.find(OWNER, second.successor.id)).toEqual(second.successor)
    const third = await rotated(store, second.successor, { at: NOW + 6 })
    await store.completeRotation(OWNER, third.successor.id, NOW + 7)
    for (const { id } of [second.record, third.record])
      expect(await store.find(OWNER, id)).toMatchObject({ ...end, revokedAt: NOW + 7 })
  })

  it('leaves every token that is not pending as it is', async ({ expect, store }) => {
    const plain = await given(store)
    const first = await rotated(store, await given(store))
    await store.completeRotation(OWNER, first.successor.id, NOW)
    const second = await rotated(store, first.successor)
    const third = await rotated(store, await given(store), { overlapMs: 0 })
    const before = await Promise.all([plain, second.record, third.successor].map(({ id }) => store.find(OWNER, id)))
    for (const record of before) {
      expect(await store.completeRotation(OWNER, record?.id ?? '', NOW + 5)).toEqual(record)
      expect(await store.find(OWNER, record?.id ?? '')).toEqual(record)
    }
    expect(await store.find(OWNER, second.record.id)).toMatchObject({ revokedAt: null })
    expect(await store.completeRotation(OWNER, 'unknown', NOW + 5)).toBeNull()
  })

  it('lets pruning take either of the two and leave the other', async ({ expect, store }) => {
    const { record, successor } = await rotated(store, await given(store))
    expect(await store.prune(retentionAt(END))).toBe(0)
    expect(await store.prune(retentionAt(END + 1))).toBe(1)
    expect(await store.find(OWNER, record.id)).toBeNull()
    expect(await store.find(OWNER, successor.id)).toEqual(successor)

    const other = await rotated(store, await given(store))
    await revokeAt(store, OWNER, other.successor.id, NOW)
    expect(await store.prune(retentionAt(NOW + 1))).toBe(1)
    expect(await store.find(OWNER, other.record.id)).toEqual(other.record)
    expect(await store.rotate(OWNER, other.record.id, sampleRotation())).toMatchObject({ outcome: 'rotated' })
  })
})
