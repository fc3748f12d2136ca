import { shardOf } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import { revocationAt, revokeAt } from '../../steps/change-at.ts'
import { NOW, OWNER, given, idsOf } from '../../steps/sample-token.ts'

export const revoke: Chapter = chapter('revoke', ['Core decides, a store executes'], (it) => {
  it('sets revokedAt and updatedAt and nothing else', async ({ expect, store }) => {
    const token = await given(store, { expiresAt: NOW + 99, lastUsedAt: NOW + 1 })
    const revoked = { ...token, revokedAt: NOW + 5, revokedReason: 'requested', updatedAt: NOW + 5 }
    expect(await store.revoke(token.owner, token.id, revocationAt(NOW + 5))).toEqual({
      outcome: 'done',
      record: revoked,
    })
    expect(await store.find(token.owner, token.id)).toEqual(revoked)
  })

  it('shows at once wherever the token is read', async ({ expect, store, handles }) => {
    const { owner, id, digest } = await given(store)
    await revokeAt(store, owner, id, NOW + 5)
    for (const handle of handles) {
      expect(await handle.findByDigest([digest], shardOf(owner))).toMatchObject({ revokedAt: NOW + 5 })
      expect(await handle.find(owner, id)).toMatchObject({ revokedAt: NOW + 5 })
      expect(await idsOf(handle, { statuses: ['revoked'] })).toEqual([id])
      expect(await idsOf(handle, { statuses: ['active'] })).toEqual([])
    }
  })

  it('keeps the first revocation when revoked again', async ({ expect, store }) => {
    const { owner, id } = await given(store)
    const first = await store.revoke(owner, id, revocationAt(NOW + 5))
    expect(await store.revoke(owner, id, revocationAt(NOW + 6))).toEqual(first)
    expect(await store.revoke(owner, id, revocationAt(NOW + 4))).toEqual(first)
    expect({ outcome: 'done', record: await store.find(owner, id) }).toEqual(first)
  })

  it('revokes a suspended token and keeps when it was suspended', async ({ expect, store }) => {
    const token = await given(store, { suspendedAt: NOW + 1 })
    const revoked = { ...token, revokedAt: NOW + 2, revokedReason: 'requested', updatedAt: NOW + 2 }
    expect(await revokeAt(store, token.owner, token.id, NOW + 2)).toEqual(revoked)
  })

  it('revokes an expired token', async ({ expect, store }) => {
    const { owner, id } = await given(store, { expiresAt: NOW + 1 })
    expect(await revokeAt(store, owner, id, NOW + 2)).toMatchObject({ revokedAt: NOW + 2, expiresAt: NOW + 1 })
    expect(await idsOf(store, { now: NOW + 3, statuses: ['revoked'] })).toEqual([id])
  })

  it('keeps the reason of a revocation, the first one', async ({ expect, store }) => {
    const reasons = ['requested', 'leaked', 'rotated', 'expired_unused', 'administrative'] as const
    for (const reason of reasons) {
      const { id } = await given(store)
      expect(await store.revoke(OWNER, id, revocationAt(NOW, { reason }))).toMatchObject({
        record: { revokedReason: reason },
      })
      await store.revoke(OWNER, id, revocationAt(NOW + 1, { reason: 'requested' }))
      expect(await store.find(OWNER, id)).toMatchObject({ revokedReason: reason })
    }
  })

  it('finds no unknown id', async ({ expect, store }) => {
    await given(store)
    expect(await store.revoke(OWNER, 'unknown', revocationAt(NOW))).toEqual({ outcome: 'not_found' })
  })

  it('revokes one token and no other', async ({ expect, store }) => {
    const [token, other] = [await given(store), await given(store)]
    await revokeAt(store, token.owner, token.id, NOW + 1)
    expect(await store.find(other.owner, other.id)).toEqual(other)
  })

  it('gives 20 who revoke at the same time one and the same revocation', async ({ expect, store, handles }) => {
    const { owner, id } = await given(store)
    const answers = await race(
      handles,
      crowd(20, (handle, number) => revokeAt(handle, owner, id, NOW + number)),
    )
    const stored = await store.find(owner, id)
    expect(stored?.revokedAt).toBeGreaterThanOrEqual(NOW)
    expectAlike(expect, answers, stored, `revocations of the token ${id}`)
  })
})
