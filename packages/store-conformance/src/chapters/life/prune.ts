import { shardOf } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectCount } from '../../stage/expect-named.ts'
import { retentionAt, revokeAt } from '../../steps/change-at.ts'
import { FREELY, NOW, OWNER, given, givenMany, idsOf, queryOf, sampleRecord } from '../../steps/sample-token.ts'

const SHARD = shardOf(OWNER)

const PROVES: readonly string[] = [
  'Removes records of some prefixes ended before `endedBefore`',
  'How many records were removed.',
  'if `checkRetention` throws',
  'Exclusive: tokens ended before this instant go.',
  'idempotency keys expired by then go',
  'Never later than `now`.',
  'Set by schedules',
  'Left out, the call always prunes.',
  'a token must not go before it has ended',
]

export const prune: Chapter = chapter('prune', PROVES, (it) => {
  it('removes what was revoked or had expired before the instant, wherever it is read', async ({ expect, store }) => {
    const revoked = await given(store, { revokedAt: NOW + 1 })
    const expired = await given(store, { expiresAt: NOW + 1 })
    const live = await given(store)
    expect(await store.prune(retentionAt(NOW + 10))).toBe(2)
    for (const { owner, id, digest } of [revoked, expired]) {
      expect(await store.find(owner, id)).toBeNull()
      expect(await store.findByDigest([digest], SHARD)).toBeNull()
      expect(await revokeAt(store, owner, id, NOW + 11)).toBeNull()
    }
    for (const by of ['createdAt', 'id', 'lastUsedAt', 'status'] as const) {
      expect(await idsOf(store, { sort: { by, direction: 'asc' } })).toEqual([live.id])
    }
    expect(await store.list(queryOf({ window: { offset: 0, limit: 9 } }))).toMatchObject({ total: 1 })
  })

  it('removes them also from lists that were read before', async ({ expect, store }) => {
    await given(store, { revokedAt: NOW + 1 })
    const live = await given(store)
    const sorts = (['createdAt', 'id', 'lastUsedAt', 'status'] as const).map(
      (by) => ({ by, direction: 'desc' }) as const,
    )
    for (const sort of sorts) expect(await idsOf(store, { sort })).toHaveLength(2)
    await store.prune(retentionAt(NOW + 10))
    for (const sort of sorts) expect(await idsOf(store, { sort })).toEqual([live.id])
  })

  it('keeps what ended at the very instant, and removes it one millisecond later', async ({ expect, store }) => {
    await given(store, { revokedAt: NOW + 5 })
    await given(store, { expiresAt: NOW + 5 })
    expect(await store.prune(retentionAt(NOW + 5))).toBe(0)
    expect(await idsOf(store)).toHaveLength(2)
    expect(await store.prune(retentionAt(NOW + 6))).toBe(2)
    expect(await idsOf(store)).toEqual([])
  })

  it('goes by `endedBefore` for tokens and by `now` for idempotency keys', async ({ expect, store }) => {
    const revoked = await given(store, { revokedAt: NOW + 5 })
    await given(store, { expiresAt: NOW + 4 })
    const first = sampleRecord()
    const request = { key: 'deploy-42', fingerprint: 'a', expiresAt: NOW + 21 }
    await store.insert(first, { ...FREELY, idempotency: request })
    expect(await store.prune({ now: NOW + 20, endedBefore: NOW + 5 })).toBe(1)
    expect(await store.find(OWNER, revoked.id)).toEqual(revoked)
    const again = { now: NOW + 20, activeLimit: null, idempotency: request }
    expect(await store.insert(sampleRecord(), again)).toEqual({ outcome: 'replayed', record: first })
  })

  it('refuses an `endedBefore` later than `now`, and removes nothing', async ({ expect, store }) => {
    const expiring = await given(store, { expiresAt: NOW + 5 })
    const revoked = await given(store, { revokedAt: NOW })
    await expect(store.prune({ now: NOW + 1, endedBefore: NOW + 10 })).rejects.toThrow()
    expect(await idsOf(store)).toEqual([expiring.id, revoked.id])
  })

  it('prunes when a schedule asks for the first time, and always when none does', async ({ expect, store }) => {
    await given(store, { revokedAt: NOW })
    expect(await store.prune({ ...retentionAt(NOW + 1), onceInMs: 60_000 })).toBe(1)
    await given(store, { revokedAt: NOW })
    expect(await store.prune(retentionAt(NOW + 1))).toBe(1)
  })

  it('keeps live tokens: active, suspended, and expiring later, however old', async ({ expect, store }) => {
    const facts = [{}, { suspendedAt: NOW }, { expiresAt: NOW + 100 }, { lastUsedAt: NOW }]
    const live = await givenMany(store, facts.length, (number) => ({ createdAt: NOW - 1_000_000, ...facts[number] }))
    expect(await store.prune(retentionAt(NOW + 99))).toBe(0)
    for (const token of live) {
      expect(await store.find(token.owner, token.id)).toEqual(token)
      expect(await store.findByDigest([token.digest], SHARD)).toEqual(token)
    }
  })

  it('removes a token that was suspended when it was revoked or expired', async ({ expect, store }) => {
    await given(store, { suspendedAt: NOW, revokedAt: NOW + 1 })
    await given(store, { suspendedAt: NOW, expiresAt: NOW + 1 })
    expect(await store.prune(retentionAt(NOW + 2))).toBe(2)
  })

  it('goes by whichever end came first', async ({ expect, store }) => {
    await given(store, { expiresAt: NOW + 1, revokedAt: NOW + 50 })
    await given(store, { expiresAt: NOW + 50, revokedAt: NOW + 1 })
    expect(await store.prune(retentionAt(NOW + 10))).toBe(2)
  })

  it('removes nothing the second time', async ({ expect, store }) => {
    await given(store, { revokedAt: NOW })
    expect([await store.prune(retentionAt(NOW + 1)), await store.prune(retentionAt(NOW + 1))]).toEqual([1, 0])
  })

  it('covers all owners, and many tokens in one call', async ({ expect, store }) => {
    await givenMany(store, 600, (number) => ({
      owner: `owner-${number % 30}`,
      revokedAt: number % 3 === 0 ? NOW : null,
      expiresAt: number % 3 === 1 ? NOW : null,
    }))
    expect(await store.prune(retentionAt(NOW + 1))).toBe(400)
    for (let number = 0; number < 30; number += 1) {
      const owner = `owner-${number}`
      expectCount(expect, await idsOf(store, { owner }), number % 3 === 2 ? 20 : 0, `tokens of ${owner}`)
    }
  })

  it('frees the id and takes in new tokens of the same owner', async ({ expect, store }) => {
    const { id } = await given(store, { revokedAt: NOW })
    await store.prune(retentionAt(NOW + 1))
    const next = sampleRecord({ id })
    expect(await store.insert(next, FREELY)).toEqual({ outcome: 'inserted' })
    expect(await store.find(OWNER, id)).toEqual(next)
    expect(await idsOf(store)).toEqual([id])
  })
})
