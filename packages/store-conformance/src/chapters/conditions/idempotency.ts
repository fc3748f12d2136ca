import { shardOf } from '@tessera/core'
import type { Idempotency, InsertConditions, InsertOutcome } from '@tessera/core'
import { chapter } from '../../stage/chapter.ts'
import type { Chapter } from '../../stage/chapter.ts'
import { expectAlike, expectCount } from '../../stage/expect-named.ts'
import { crowd, race } from '../../stage/race.ts'
import { retentionAt, revokeAt, suspendAt } from '../../steps/change-at.ts'
import { FREELY, NOW, OWNER, given, idsOf, neighbourOf, queryOf, sampleRecord } from '../../steps/sample-token.ts'

const INSERTED: InsertOutcome = { outcome: 'inserted' }
const CONFLICT: InsertOutcome = { outcome: 'idempotency_conflict' }

function under(idempotency: Partial<Idempotency> = {}, conditions: Partial<InsertConditions> = {}): InsertConditions {
  const request = { key: 'deploy-42', fingerprint: 'a', expiresAt: NOW + 1_000, ...idempotency }
  return { ...FREELY, idempotency: request, ...conditions }
}

const PROVES: readonly string[] = [
  'A request with one effect, however often it is sent.',
  'with the answer for equal ones',
  'from this instant the key is free again',
  'sealed under that of the token that asked',
]

export const idempotency: Chapter = chapter('insert: idempotency', PROVES, (it) => {
  it('answers an equal request with what the first one inserted, and inserts nothing', async ({ expect, store }) => {
    const first = sampleRecord()
    expect(await store.insert(first, under())).toEqual(INSERTED)
    const second = sampleRecord()
    expect(await store.insert(second, under())).toEqual({ outcome: 'replayed', record: first })
    expect(await store.find(OWNER, second.id)).toBeNull()
    expect(await store.findByDigest([second.digest], shardOf(OWNER))).toBeNull()
    expect(await idsOf(store)).toEqual([first.id])
  })

  it('refuses another request under the same key, and keeps to the first', async ({ expect, store }) => {
    const first = sampleRecord()
    await store.insert(first, under())
    expect(await store.insert(sampleRecord(), under({ fingerprint: 'b' }))).toEqual(CONFLICT)
    expect(await store.insert(sampleRecord(), under())).toEqual({ outcome: 'replayed', record: first })
    expect(await idsOf(store)).toEqual([first.id])
  })

  it('replays the record as it was inserted, whatever became of the token', async ({ expect, store }) => {
    const first = sampleRecord({ expiresAt: NOW + 1 })
    await store.insert(first, under())
    await store.recordUse([{ owner: OWNER, id: first.id, at: NOW + 1 }])
    await suspendAt(store, OWNER, first.id, NOW + 2)
    await revokeAt(store, OWNER, first.id, NOW + 3)
    expect(await store.insert(sampleRecord(), under())).toEqual({ outcome: 'replayed', record: first })
    await store.prune(retentionAt(NOW + 4))
    expect(await store.insert(sampleRecord(), under())).toEqual({ outcome: 'replayed', record: first })
    expect(await idsOf(store)).toEqual([])
  })

  it('keeps a sealed secret of the first request with its record, and none of a later one', async ({
    expect,
    store,
  }) => {
    const [first, second] = [sampleRecord(), sampleRecord()]
    await store.insert(first, under({}, { sealed: 'v1.a-Z_0' }))
    const replayed = { outcome: 'replayed', record: first, sealed: 'v1.a-Z_0' }
    expect(await store.insert(sampleRecord(), under())).toEqual(replayed)
    expect(await store.insert(sampleRecord(), under({}, { sealed: 'v1.other' }))).toEqual(replayed)
    await store.insert(second, under({ key: 'unsealed' }))
    const unsealed = await store.insert(sampleRecord(), under({ key: 'unsealed' }, { sealed: 'v1.other' }))
    expect(unsealed).toEqual({ outcome: 'replayed', record: second })
  })

  it('lets the key decide before the limit and before the id', async ({ expect, store }) => {
    const first = sampleRecord()
    await store.insert(first, under())
    const again = sampleRecord({ id: first.id })
    expect(await store.insert(again, under({}, { activeLimit: 1 }))).toEqual({ outcome: 'replayed', record: first })
    expect(await store.insert(again, under({ fingerprint: 'b' }, { activeLimit: 1 }))).toEqual(CONFLICT)
  })

  it('does not use up a key for a request that was refused', async ({ expect, store }) => {
    const token = await given(store)
    const refused = await store.insert(sampleRecord(), under({}, { activeLimit: 1 }))
    expect(refused).toEqual({ outcome: 'limit_reached', active: 1 })
    expect(await store.insert(sampleRecord({ id: token.id }), under())).toEqual({ outcome: 'id_taken' })
    expect(await store.insert(sampleRecord(), under({ fingerprint: 'b' }))).toEqual(INSERTED)
  })

  it('holds a key until the instant of its expiry, and from that instant not', async ({ expect, store }) => {
    const first = sampleRecord()
    await store.insert(first, under())
    const before = under({}, { now: NOW + 999 })
    expect(await store.insert(sampleRecord(), before)).toEqual({ outcome: 'replayed', record: first })
    const second = sampleRecord()
    const after = under({ fingerprint: 'b', expiresAt: NOW + 2_000 }, { now: NOW + 1_000 })
    expect(await store.insert(second, after)).toEqual(INSERTED)
    expect(await store.insert(sampleRecord(), after)).toEqual({ outcome: 'replayed', record: second })
    expect(await idsOf(store)).toEqual([first.id, second.id])
  })

  it('holds a key of one request as long as that request asked', async ({ expect, store }) => {
    const first = sampleRecord()
    await store.insert(first, under({ expiresAt: NOW + 10 }))
    await store.insert(sampleRecord(), under({ expiresAt: NOW + 5_000 }, { now: NOW + 5 }))
    expect(await store.insert(sampleRecord(), under({}, { now: NOW + 10 }))).toEqual(INSERTED)
  })

  it('keeps the keys of different owners apart, also of owners in one shard', async ({ expect, store }) => {
    for (const owner of [OWNER, 'other', neighbourOf(OWNER)]) {
      expect(await store.insert(sampleRecord({ owner }), under({ fingerprint: owner }))).toEqual(INSERTED)
    }
  })

  it('distinguishes keys to the letter', async ({ expect, store }) => {
    const keys = [
      'a',
      'A',
      'a*',
      '*',
      'a:b',
      'a%3Ab',
      '__proto__',
      'constructor',
      '{a}',
      '~'.repeat(255),
      '~'.repeat(254),
    ]
    for (const key of keys) expect(await store.insert(sampleRecord(), under({ key }))).toEqual(INSERTED)
    for (const key of keys) {
      expect(await store.insert(sampleRecord(), under({ key }))).toMatchObject({ outcome: 'replayed' })
    }
    expect(await idsOf(store)).toHaveLength(keys.length)
  })

  it('remembers nothing of requests without a key', async ({ expect, store }) => {
    for (const _ of [1, 2]) expect(await store.insert(sampleRecord(), FREELY)).toEqual(INSERTED)
  })

  it('gives 200 who send the same key at the same time one token', async ({ expect, store, handles }) => {
    const records = Array.from({ length: 200 }, () => sampleRecord())
    const answers = await race(
      handles,
      records.map((record) => (handle) => handle.insert(record, under())),
    )
    const inserted = records.filter((_, number) => answers[number]?.outcome === 'inserted')
    expectCount(
      expect,
      inserted.map(({ id }) => id),
      1,
      'tokens inserted under one key',
    )
    const replayed = answers.filter(({ outcome }) => outcome !== 'inserted')
    expectAlike(expect, replayed, { outcome: 'replayed', record: inserted[0] }, 'the other 199')
    expect(await store.list(queryOf())).toMatchObject({ records: inserted })
  })

  it('holds keys and limit together when many send several keys at the same time', async ({
    expect,
    store,
    handles,
  }) => {
    const answers = await race(
      handles,
      crowd(200, (handle, number) =>
        handle.insert(sampleRecord(), under({ key: `key-${number % 5}` }, { activeLimit: 3 })),
      ),
    )
    const count = (outcome: string) => answers.filter((answer) => answer.outcome === outcome).length
    expect([count('inserted'), count('replayed'), count('limit_reached')]).toEqual([3, 117, 80])
    expectCount(expect, await idsOf(store), 3, 'tokens at a limit of 3')
  })
})
