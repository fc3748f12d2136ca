import { shardOf } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { changeAt, editAt, retentionAt, revocationAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { OVERLAP_MS, rotated, sampleRotation } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, atMost, given, givenMany, idsOf, sampleRecord } from '../../steps/sample-token.ts'

const SHARD = shardOf(OWNER)

const PROVES: readonly string[] = ['Core decides, a store executes', 'sorts by the status without regard to expiry']

export const rotate: Chapter = chapter('rotate', PROVES, (it) => {
  it('gives the token a successor with what it has, and links both', async ({ expect, store, handles }) => {
    const facts = { expiresAt: NOW + 99_999, networks: ['10.0.0.0/8'], createdAt: NOW - 9, lastUsedAt: NOW - 1 }
    const token = await given(store, facts)
    const rotation = sampleRotation({ at: NOW + 5, sealedSuccessor: 'v1.sealed' })
    const overlapEndsAt = NOW + 5 + OVERLAP_MS
    const { successor: fresh, sealedSuccessor } = rotation
    const record = { ...token, rotatedTo: fresh.id, overlapEndsAt, sealedSuccessor, updatedAt: NOW + 5 }
    const since = { createdAt: NOW + 5, updatedAt: NOW + 5, lastUsedAt: null }
    const successor = { ...token, ...fresh, ...since, rotatedFrom: token.id, overlapEndsAt, pending: true }
    expect(await store.rotate(OWNER, token.id, rotation)).toEqual({ outcome: 'rotated', record, successor, ended: [] })
    for (const handle of handles) {
      expect(await handle.find(OWNER, token.id)).toEqual(record)
      expect(await handle.findByDigest([fresh.digest], SHARD)).toEqual(successor)
    }
    expect(await idsOf(store)).toEqual([token.id, fresh.id])
  })

  it('hands on the name and the scopes that the token has by then', async ({ expect, store }) => {
    const { id } = await given(store)
    await store.edit(OWNER, id, editAt(NOW + 1, { name: 'renamed', scopes: ['jobs:read'] }))
    const { successor } = await rotated(store, { owner: OWNER, id })
    expect(successor).toMatchObject({ name: 'renamed', scopes: ['jobs:read'] })
    expect(await store.find(OWNER, successor.id)).toEqual(successor)
  })

  it('ends the overlap with the token’s own expiry at the latest', async ({ expect, store }) => {
    const token = await given(store, { expiresAt: NOW + 10 })
    const { record, successor } = await rotated(store, token)
    expect([record.overlapEndsAt, successor.overlapEndsAt, successor.expiresAt]).toEqual([NOW + 10, NOW + 10, NOW + 10])
  })

  it('revokes the token at once where there is no overlap', async ({ expect, store }) => {
    const token = await given(store)
    const { record, successor } = await rotated(store, token, { at: NOW + 5, overlapMs: 0, sealedSuccessor: 'v1.x' })
    const end = { revokedAt: NOW + 5, revokedReason: 'rotated', updatedAt: NOW + 5, overlapEndsAt: NOW + 5 }
    expect(record).toEqual({ ...token, ...end, rotatedTo: successor.id, sealedSuccessor: null })
    expect(await store.find(OWNER, token.id)).toEqual(record)
    expect(successor).toMatchObject({ overlapEndsAt: null, revokedAt: null, revokedReason: null })
    expect(await idsOf(store, { now: NOW, statuses: ['revoked'] })).toEqual([token.id])
  })

  it('leaves the token as it is kept when the overlap ends, and revoked wherever a clock counts', async ({
    expect,
    store,
  }) => {
    const token = await given(store)
    const { record, successor } = await rotated(store, token)
    const end = NOW + OVERLAP_MS
    expect(await idsOf(store, { now: end - 1, statuses: ['active'] })).toEqual([token.id, successor.id])
    expect(await idsOf(store, { now: end, statuses: ['active'] })).toEqual([successor.id])
    expect(await idsOf(store, { now: end, statuses: ['revoked'] })).toEqual([token.id])
    expect(await idsOf(store, { now: end - 1, statuses: ['revoked'] })).toEqual([])
    expect(await store.find(OWNER, token.id)).toEqual(record)
    for (const refused of [
      await store.suspend(OWNER, token.id, changeAt(end)),
      await store.resume(OWNER, token.id, changeAt(end)),
      await store.edit(OWNER, token.id, editAt(end, { name: 'late' })),
      await store.rotate(OWNER, token.id, sampleRotation({ at: end })),
    ]) {
      expect(refused).toEqual({ outcome: 'not_allowed', record })
    }
    expect(await store.suspend(OWNER, token.id, changeAt(end - 1))).toMatchObject({ outcome: 'done' })
  })

  it('sorts by status with the end of the overlap', async ({ expect, store }) => {
    const token = await given(store, { id: 'a' })
    await rotated(store, token, { successor: { id: 'b', digest: 'digest of b', prefix: 'ot_pat', preview: '' } })
    await given(store, { id: 'c' })
    const sort = { by: 'status', direction: 'asc' } as const
    const before = NOW + OVERLAP_MS - 1
    expect(await idsOf(store, { sort, now: before })).toEqual(['a', 'b', 'c'])
    expect(await idsOf(store, { sort, now: before + 1 })).toEqual(['b', 'c', 'a'])
    expect(await idsOf(store, { sort, now: before })).toEqual(['a', 'b', 'c'])
  })

  it('takes no place of its own under the limit of active tokens', async ({ expect, store }) => {
    const [token] = await givenMany(store, 3)
    if (token === undefined) return
    const isFull = async (now: number) =>
      expect(await store.insert(sampleRecord(), atMost(3, now))).toEqual({ outcome: 'limit_reached', active: 3 })
    const { successor } = await rotated(store, token)
    await isFull(NOW)
    await isFull(NOW + OVERLAP_MS)
    await store.completeRotation(OWNER, successor.id, NOW + 1)
    await isFull(NOW + 1)
    await revokeAt(store, OWNER, token.id, NOW + 2)
    await store.prune(retentionAt(NOW + OVERLAP_MS + 1))
    await isFull(NOW)
    await revokeAt(store, OWNER, successor.id, NOW + 3)
    expect(await store.insert(sampleRecord(), atMost(3))).toEqual({ outcome: 'inserted' })
  })

  it('refuses a token that is suspended, expired or revoked, and keeps nothing', async ({ expect, store }) => {
    const facts = [{ suspendedAt: NOW }, { expiresAt: NOW + 1 }, { revokedAt: NOW }]
    for (const token of await givenMany(store, 3, (number) => facts[number] ?? {})) {
      const rotation = sampleRotation({ at: NOW + 1 })
      expect(await store.rotate(OWNER, token.id, rotation)).toEqual({ outcome: 'not_allowed', record: token })
      expect(await store.find(OWNER, token.id)).toEqual(token)
      expect(await store.find(OWNER, rotation.successor.id)).toBeNull()
      expect(await store.findByDigest([rotation.successor.digest], SHARD)).toBeNull()
    }
  })

  it('answers who has the secret with the one successor when the token was rotated before', async ({
    expect,
    store,
  }) => {
    const token = await given(store)
    const { record, successor } = await rotated(store, token, { sealedSuccessor: 'v1.first' })
    const second = sampleRotation({ at: NOW + 5, sealedSuccessor: 'v1.second' })
    expect(await store.rotate(OWNER, token.id, second)).toEqual({ outcome: 'already_rotated', record, successor })
    expect(await store.find(OWNER, second.successor.id)).toBeNull()
    expect(await store.find(OWNER, token.id)).toEqual(record)
    await suspendAt(store, OWNER, token.id, NOW + 6)
    expect(await store.rotate(OWNER, token.id, second)).toMatchObject({ outcome: 'not_allowed' })
  })

  it('finds no unknown token, and refuses an id that is taken', async ({ expect, store }) => {
    const [token, other] = [await given(store), await given(store)]
    expect(await store.rotate(OWNER, 'unknown', sampleRotation())).toEqual({ outcome: 'not_found' })
    const { successor, ...rotation } = sampleRotation()
    const taken = { ...rotation, successor: { ...successor, id: other.id } }
    expect(await store.rotate(OWNER, token.id, taken)).toEqual({ outcome: 'id_taken' })
    expect(await store.find(OWNER, token.id)).toEqual(token)
    expect(await store.find(OWNER, other.id)).toEqual(other)
  })

  it('gives a token another successor, and revokes all those that nobody has used, at once', async ({
    expect,
    store,
  }) => {
    const first = await given(store)
    const { record, successor: second } = await rotated(store, first)
    const { record: rotatedSecond, successor: third } = await rotated(store, second, { at: NOW + 1 })
    const end = { revokedAt: NOW + 5, revokedReason: 'rotated', updatedAt: NOW + 5 } as const
    const ended = [rotatedSecond, third].map((unused) => ({ ...unused, ...end }))
    const rotation = sampleRotation({ at: NOW + 5 })
    const again = { ...record, rotatedTo: rotation.successor.id, updatedAt: NOW + 5 }
    expect(await store.rotate(OWNER, first.id, rotation)).toMatchObject({ outcome: 'rotated', record: again, ended })
    for (const unused of ended) expect(await store.find(OWNER, unused.id)).toEqual(unused)
    const { overlapEndsAt } = record
    expect(await store.find(OWNER, rotation.successor.id)).toMatchObject({ overlapEndsAt, rotatedFrom: first.id })
    expect(await store.find(OWNER, first.id)).toEqual(again)
  })

  it('leaves the token before one that nobody has used', async ({ expect, store }) => {
    const first = await given(store)
    const { record, successor: second } = await rotated(store, first)
    const { successor: third } = await rotated(store, second, { at: NOW + 5 })
    expect(await store.find(OWNER, first.id)).toEqual(record)
    expect(third).toMatchObject({ rotatedFrom: second.id, rotatedTo: null, pending: true })
    await store.completeRotation(OWNER, third.id, NOW + 6)
    const end = { revokedAt: NOW + 6, revokedReason: 'rotated' }
    for (const { id } of [first, second]) expect(await store.find(OWNER, id)).toMatchObject(end)
  })

  it('counts another successor towards the limit if the former one has lost its place', async ({ expect, store }) => {
    const { record, successor } = await rotated(store, await given(store))
    await revokeAt(store, OWNER, successor.id, NOW + 1)
    const other = await given(store)
    const rotation = sampleRotation({ at: NOW + 2, activeLimit: 1 })
    const full = { outcome: 'limit_reached', active: 1 }
    expect(await store.rotate(OWNER, record.id, rotation)).toEqual(full)
    await revokeAt(store, OWNER, other.id, NOW + 2)
    expect(await store.rotate(OWNER, record.id, rotation)).toMatchObject({ outcome: 'rotated' })
  })

  it('forgets the sealed secret with the revocation, and writes no later end than the overlap’s', async ({
    expect,
    store,
  }) => {
    const end = NOW + OVERLAP_MS
    const sealedSuccessor = 'v1.sealed'
    const early = await rotated(store, await given(store), { sealedSuccessor })
    const late = await rotated(store, await given(store), { sealedSuccessor })
    const reason = 'leaked'
    const before = { revokedAt: end - 1, revokedReason: reason, updatedAt: end - 1, sealedSuccessor: null }
    expect(await store.revoke(OWNER, early.record.id, revocationAt(end - 1, { reason }))).toEqual({
      outcome: 'done',
      record: { ...early.record, ...before },
    })
    const by = { revokedAt: end, revokedReason: 'rotated', updatedAt: end, sealedSuccessor: null } as const
    const record = { ...late.record, ...by }
    for (const at of [end + 5, end - 5]) {
      expect(await store.revoke(OWNER, late.record.id, revocationAt(at, { reason }))).toEqual({
        outcome: 'done',
        record,
      })
      expect(await store.find(OWNER, late.record.id)).toEqual(record)
    }
  })
})
