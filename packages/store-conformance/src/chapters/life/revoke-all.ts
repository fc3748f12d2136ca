import type { BulkRevocation } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectNames } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import { revocationAt, suspendAt } from '../../steps/change-at.ts'
import { OVERLAP_MS, rotated, sampleRotation } from '../../steps/sample-rotation.ts'
import { NOW, OWNER, atMost, given, givenMany, idsOf, neighbourOf, sampleRecord } from '../../steps/sample-token.ts'
import type { StepsOnStore } from '../../steps/steps-on.ts'

function everyAt(at: number, facts: Partial<BulkRevocation> = {}): BulkRevocation {
  return { ...revocationAt(at), exceptId: null, issuedBefore: null, scope: null, ...facts }
}

const PROVES: readonly string[] = ['Core decides, a store executes', 'Any tokens of these owners may have changed.']

export const revokeAll: Chapter = chapter('revokeAll', PROVES, (it) => {
  it('revokes every token of the owner, each as revoke does, and no other’s', async ({ expect, store }) => {
    const facts = [{}, { suspendedAt: NOW }, { expiresAt: NOW + 1 }, { lastUsedAt: NOW }]
    const tokens = await givenMany(store, facts.length, (number) => facts[number] ?? {})
    const others = await Promise.all([neighbourOf(OWNER), 'other'].map((owner) => given(store, { owner })))
    const revocation = everyAt(NOW + 5, { reason: 'administrative' })
    expect(await store.revokeAll(OWNER, revocation)).toEqual({ outcome: 'done', revoked: 4 })
    for (const token of tokens) {
      const end = { revokedAt: NOW + 5, revokedReason: 'administrative', updatedAt: NOW + 5 }
      expect(await store.find(OWNER, token.id)).toEqual({ ...token, ...end })
    }
    for (const other of others) expect(await store.find(other.owner, other.id)).toEqual(other)
    expect(await store.insert(sampleRecord(), atMost(1))).toEqual({ outcome: 'inserted' })
  })

  it('keeps what was revoked before, and counts it no more', async ({ expect, store }) => {
    const former = await given(store, { revokedAt: NOW + 1 })
    await given(store)
    expect(await store.revokeAll(OWNER, everyAt(NOW + 5))).toEqual({ outcome: 'done', revoked: 1 })
    expect(await store.revokeAll(OWNER, everyAt(NOW + 6))).toEqual({ outcome: 'done', revoked: 0 })
    expect(await store.find(OWNER, former.id)).toEqual(former)
    expect(await store.revokeAll('nobody', everyAt(NOW + 6))).toEqual({ outcome: 'done', revoked: 0 })
  })

  it('spares one token, what was issued from an instant on, and what has not the scope', async ({ expect, store }) => {
    const at = async (createdAt: number, scopes: readonly string[]) => (await given(store, { createdAt, scopes })).id
    const [early, late] = [await at(NOW, ['a', 'b']), await at(NOW + 1, ['a', 'b'])]
    const [other, wide] = [await at(NOW, ['b']), await at(NOW, ['a:*', 'aa', 'A'])]
    const left = async (facts: Partial<BulkRevocation>) => {
      await store.revokeAll(OWNER, everyAt(NOW + 5, facts))
      return idsOf(store, { statuses: ['active'], sort: { by: 'id', direction: 'asc' } })
    }
    expect(await left({ scope: 'a', exceptId: early })).toEqual([early, other, wide])
    expect(await left({ issuedBefore: NOW })).toEqual([early, other, wide])
    expect(await left({ scope: 'a', issuedBefore: NOW + 1 })).toEqual([other, wide])
    expect(await left({ issuedBefore: NOW + 1, exceptId: other })).toEqual([other])
    expect(await left({ exceptId: 'unknown' })).toEqual([])
    expect(late).not.toBe(early)
  })

  it('writes what the clock had revoked, and does not count it', async ({ expect, store }) => {
    const { record, successor } = await rotated(store, await given(store))
    const end = NOW + OVERLAP_MS
    expect(await store.revokeAll(OWNER, everyAt(end + 5))).toEqual({ outcome: 'done', revoked: 1 })
    expect(await store.find(OWNER, record.id)).toMatchObject({ revokedAt: end, revokedReason: 'rotated' })
    expect(await store.find(OWNER, successor.id)).toMatchObject({ revokedAt: end + 5, revokedReason: 'requested' })
  })

  it('revokes what was last used before an instant, or else created before it', async ({ expect, store }) => {
    const at = async (createdAt: number, lastUsedAt: number | null) =>
      (await given(store, { createdAt, lastUsedAt })).id
    await at(NOW - 9, null)
    await at(NOW - 9, NOW - 6)
    const [used, usedJustThen] = [await at(NOW - 9, NOW), await at(NOW - 9, NOW - 5)]
    const [young, bornJustThen] = [await at(NOW - 1, null), await at(NOW - 5, null)]
    // A clock that was set back recorded it: the use counts, and not the creation.
    await at(NOW - 4, NOW - 6)
    const unused = everyAt(NOW + 5, { reason: 'expired_unused', lastUsedBefore: NOW - 5 })
    expect(await store.revokeAll(OWNER, unused)).toEqual({ outcome: 'done', revoked: 3 })
    const left = await idsOf(store, { statuses: ['active'] })
    expect(left.sort()).toEqual([used, usedJustThen, young, bornJustThen].sort())
    expect(await store.revokeAll(OWNER, unused)).toEqual({ outcome: 'done', revoked: 0 })
    const many = { lastUsedBefore: NOW + 1, issuedBefore: NOW - 5, exceptId: used }
    expect(await store.revokeAll(OWNER, everyAt(NOW + 5, many))).toEqual({ outcome: 'done', revoked: 1 })
  })

  it('spares a token whose use was recorded before its turn came', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, 50, () => ({ createdAt: NOW - 9 }))
    const spared: string[] = []
    const uses = tokens.map(({ id }) => async (handle: StepsOnStore) => {
      await handle.recordUse([{ owner: OWNER, id, at: NOW + 1 }])
      if ((await handle.find(OWNER, id))?.revokedAt === null) spared.push(id)
    })
    const unused = everyAt(NOW + 5, { lastUsedBefore: NOW })
    let revoked = 0
    const revocations = crowd(4, async (handle) => {
      const answer = await handle.revokeAll(OWNER, unused)
      if (answer.outcome === 'done') revoked += answer.revoked
    })
    await race<unknown>(handles, [
      ...[...uses.slice(0, 20), ...revocations.slice(0, 2)],
      ...[...uses.slice(20), ...revocations.slice(2)],
    ])
    expectNames(expect, await idsOf(store, { statuses: ['active'] }), spared.sort(), 'active tokens')
    expect(revoked + spared.length).toBe(50)
  })

  it('revokes 1,000 tokens in one call', async ({ expect, store }) => {
    await givenMany(store, 1_000)
    expect(await store.revokeAll(OWNER, everyAt(NOW + 5))).toEqual({ outcome: 'done', revoked: 1_000 })
    expectNames(expect, await idsOf(store, { statuses: ['active'] }), [], 'active tokens')
  })

  it('answers an equal request under a key with its count, and revokes nothing more', async ({ expect, store }) => {
    await givenMany(store, 2)
    const idempotency = { key: 'all-42', fingerprint: 'a', expiresAt: NOW + 1_000 }
    const keyed = everyAt(NOW + 5, { idempotency })
    expect(await store.revokeAll(OWNER, keyed)).toEqual({ outcome: 'done', revoked: 2 })
    const { id } = await given(store)
    expect(await store.revokeAll(OWNER, keyed)).toEqual({ outcome: 'replayed', revoked: 2 })
    const conflict = { outcome: 'idempotency_conflict' }
    const other = { ...idempotency, fingerprint: 'b' }
    expect(await store.revokeAll(OWNER, everyAt(NOW + 5, { idempotency: other }))).toEqual(conflict)
    expect(await store.revoke(OWNER, id, revocationAt(NOW + 5, { idempotency: other }))).toEqual(conflict)
    expect(await store.findRequest(OWNER, idempotency, NOW + 5)).toEqual(conflict)
    expect(await idsOf(store, { statuses: ['active'] })).toEqual([id])
    expect(await store.revokeAll(OWNER, { ...keyed, at: NOW + 1_000 })).toEqual({ outcome: 'done', revoked: 1 })
  })

  it('holds against everyone who is at work on the tokens', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, 50)
    const rivals = crowd(50, async (handle, number) => {
      const id = tokens[number]?.id ?? ''
      await handle.recordUse([{ owner: OWNER, id, at: NOW + 1 }])
      await suspendAt(handle, OWNER, id, NOW + 2)
    })
    const revocations = crowd(5, (handle) => handle.revokeAll(OWNER, everyAt(NOW + 5)))
    await race<unknown>(handles, [...rivals.slice(0, 25), ...revocations, ...rivals.slice(25)])
    const ids = tokens.map(({ id }) => id)
    expectNames(expect, await idsOf(store, { statuses: ['revoked'] }), ids, 'revoked tokens')
    for (const { id } of tokens) expect(await store.find(OWNER, id)).toMatchObject({ revokedAt: NOW + 5 })
  })

  it('reaches every token that was there before the call, the successors too', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, 20)
    const successors: string[] = []
    await race<unknown>(
      handles,
      tokens.map(({ id }) => async (handle) => {
        const rotation = sampleRotation()
        if ((await handle.rotate(OWNER, id, rotation)).outcome !== 'rotated') return
        successors.push(rotation.successor.id)
        await handle.revokeAll(OWNER, everyAt(NOW + 5))
        expect(await handle.find(OWNER, rotation.successor.id)).toMatchObject({ revokedAt: NOW + 5 })
      }),
    )
    expect(successors).not.toEqual([])
    for (const id of successors) expect(await store.find(OWNER, id)).toMatchObject({ revokedAt: NOW + 5 })
  })
})
