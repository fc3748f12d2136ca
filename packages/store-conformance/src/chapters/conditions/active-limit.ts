import { shardOf } from '@tessera/core'
import type { InsertOutcome } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectCount } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import { resumeAt, retentionAt, revokeAt } from '../../steps/change-at.ts'
import { FREELY, NOW, OWNER, atMost, given, givenMany, idsOf, sampleRecord } from '../../steps/sample-token.ts'

const INSERTED: InsertOutcome = { outcome: 'inserted' }
const reached = (active: number): InsertOutcome => ({ outcome: 'limit_reached', active })

const PROVES: readonly string[] = [
  'The step `insert` in one trip.',
  "how many of the owner's tokens are active at an instant, of some prefixes",
  'Any number of processes may call it at once',
]

export const activeLimit: Chapter = chapter('insert: the limit of active tokens', PROVES, (it) => {
  it('refuses the token past the limit, says how many are active and keeps nothing of it', async ({
    expect,
    store,
  }) => {
    await givenMany(store, 2)
    expect(await store.insert(sampleRecord(), atMost(3))).toEqual(INSERTED)
    const refused = sampleRecord()
    expect(await store.insert(refused, atMost(3))).toEqual(reached(3))
    expect(await store.find(OWNER, refused.id)).toBeNull()
    expect(await store.findByDigest([refused.digest], shardOf(OWNER))).toBeNull()
    expect(await idsOf(store)).toHaveLength(3)
  })

  it('counts all active tokens where the limit was higher before', async ({ expect, store }) => {
    await givenMany(store, 5)
    expect(await store.insert(sampleRecord(), atMost(2))).toEqual(reached(5))
  })

  it('has no limit where it is null', async ({ expect, store }) => {
    await givenMany(store, 30)
    expect(await store.insert(sampleRecord(), FREELY)).toEqual(INSERTED)
  })

  it('counts suspended tokens, and resumed ones once', async ({ expect, store }) => {
    const { owner, id } = await given(store, { suspendedAt: NOW })
    expect(await store.insert(sampleRecord(), atMost(1))).toEqual(reached(1))
    await resumeAt(store, owner, id, NOW + 1)
    expect(await store.insert(sampleRecord(), atMost(1))).toEqual(reached(1))
  })

  it('does not count revoked tokens, however often they were revoked', async ({ expect, store }) => {
    const { owner, id } = await given(store)
    await given(store)
    for (const at of [NOW + 1, NOW + 2, NOW + 3]) await revokeAt(store, owner, id, at)
    expect(await store.insert(sampleRecord(), atMost(2))).toEqual(INSERTED)
    expect(await store.insert(sampleRecord(), atMost(2))).toEqual(reached(2))
  })

  it('counts a token until the instant of its expiry, and from that instant not', async ({ expect, store }) => {
    await given(store, { expiresAt: NOW + 10 })
    expect(await store.insert(sampleRecord(), atMost(1, NOW + 9))).toEqual(reached(1))
    expect(await store.insert(sampleRecord(), atMost(1, NOW + 10))).toEqual(INSERTED)
  })

  it('counts with the clock it is given, also when that runs behind another', async ({ expect, store }) => {
    await given(store, { expiresAt: NOW + 10 })
    await given(store, { expiresAt: NOW + 20 })
    expect(await store.insert(sampleRecord(), atMost(1, NOW + 15))).toEqual(reached(1))
    expect(await store.insert(sampleRecord(), atMost(1, NOW + 5))).toEqual(reached(2))
  })

  it('does not count a token twice that expired and was then revoked', async ({ expect, store }) => {
    const { owner, id } = await given(store, { expiresAt: NOW + 10 })
    await given(store)
    await revokeAt(store, owner, id, NOW + 20)
    expect(await store.insert(sampleRecord(), atMost(1, NOW + 30))).toEqual(reached(1))
    expect(await store.insert(sampleRecord(), atMost(1, NOW + 5))).toEqual(reached(1))
  })

  it('counts the same after pruning', async ({ expect, store }) => {
    await given(store, { expiresAt: NOW + 1 })
    await given(store, { revokedAt: NOW + 1 })
    await givenMany(store, 2)
    await store.prune(retentionAt(NOW + 10))
    expect(await store.insert(sampleRecord(), atMost(2, NOW + 10))).toEqual(reached(2))
    expect(await store.insert(sampleRecord(), atMost(3, NOW + 10))).toEqual(INSERTED)
  })

  it('does not count what was pruned, with whatever clock', async ({ expect, store }) => {
    await given(store, { expiresAt: NOW + 10 })
    await given(store)
    await store.prune(retentionAt(NOW + 20))
    expect(await store.insert(sampleRecord(), atMost(2, NOW + 5))).toEqual(INSERTED)
  })

  it('leaves exactly 25 of 1,000 who insert at the same time', async ({ expect, store, handles }) => {
    const records = Array.from({ length: 1_000 }, () => sampleRecord())
    const answers = await race(
      handles,
      records.map((record) => (handle) => handle.insert(record, atMost(25))),
    )
    const idsWith = (outcome: string) =>
      records.filter((_, number) => answers[number]?.outcome === outcome).map(({ id }) => id)
    expectCount(expect, idsWith('inserted'), 25, 'tokens that were answered to be inserted')
    expect(idsWith('limit_reached').length, 'inserts refused for the limit').toBe(975)
    expectCount(expect, await idsOf(store), 25, 'tokens in the store')
  })

  it('never lets the active tokens pass the limit while others are revoked', async ({ expect, store, handles }) => {
    const tokens = await givenMany(store, 10)
    const revocations = tokens.slice(0, 5).map(({ owner, id }) => async (handle: typeof store) => {
      await revokeAt(handle, owner, id, NOW + 1)
    })
    const inserts = crowd(50, async (handle) => {
      await handle.insert(sampleRecord(), atMost(10))
    })
    await race(handles, [...inserts.slice(0, 25), ...revocations, ...inserts.slice(25)])
    await race(handles, inserts)
    expectCount(expect, await idsOf(store, { statuses: ['active'] }), 10, 'active tokens')
  })
})
