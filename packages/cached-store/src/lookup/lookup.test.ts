import { StoreError, deadlineOf } from '@tessera/core'
import type { Changes, TokenRecord } from '@tessera/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { answeredByHand } from '../../testing/answered-by-hand.ts'
import { flushPromises } from '../../testing/flush-promises.ts'
import { createObserver } from '../reading/observe.ts'
import { createPendingReads } from '../reading/pending-reads.ts'
import { createRecords } from '../records/records.ts'
import { boundedLookup } from './bounded-lookup.ts'
import { confirmedLookup } from './confirmed-lookup.ts'
import type { LookupParts } from './lookup-parts.ts'

const TOKEN = sampleRecord()
const REVOKED = { ...TOKEN, revokedAt: NOW }
const DEADLINE_MS = 1_000

function opened(maxAgeMs: number | null = null) {
  const clock = { now: NOW }
  const now = () => clock.now
  const reads = answeredByHand<[readonly string[], string], TokenRecord | null>()
  const readsById = answeredByHand<[string, string], TokenRecord | null>()
  const revision = answeredByHand<[], string>()
  const changesSince = answeredByHand<[string], Changes>()
  const parts: LookupParts = {
    store: { findByDigest: reads.ask, find: readsById.ask },
    records: createRecords({ max: 10, maxBytes: 1_000_000, maxAgeMs, now, monotonicNow: now }),
    pending: createPendingReads(),
    pendingById: createPendingReads(),
    withinDeadline: deadlineOf(DEADLINE_MS),
    observer: createObserver(),
    now,
    monotonicNow: now,
  }
  const feed = { revision: revision.ask, changesSince: changesSince.ask }
  return {
    clock,
    reads,
    readsById,
    revision,
    changesSince,
    bounded: () => boundedLookup(parts),
    confirmed: () => confirmedLookup(parts, feed),
  }
}

/** A confirmed lookup that is at `0-x` and has the token cached. */
async function confirmedAndWarm() {
  const { confirmed, reads, revision, changesSince } = opened()
  const lookup = confirmed()
  const find = () => lookup.findByDigest([TOKEN.digest], 'XY')
  const first = find()
  await flushPromises()
  revision.answer('0-x')
  await flushPromises()
  changesSince.answer({ revision: '0-x', digests: 'reset' })
  await flushPromises()
  reads.answer(TOKEN)
  expect(await first).toEqual(TOKEN)
  return { lookup, find, reads, revision, changesSince }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('confirmedLookup', () => {
  it('passes digests and shard on to the store', async () => {
    const { reads } = await confirmedAndWarm()
    expect(reads.asked).toEqual([[[TOKEN.digest], 'XY']])
  })

  it('reads the revision once for a hundred verifications that wait, and the store for none of them', async () => {
    const { find, reads, revision, changesSince } = await confirmedAndWarm()
    const found = Promise.all(Array.from({ length: 100 }, find))
    await flushPromises()
    revision.answer('0-x')
    expect(await found).toEqual(Array.from({ length: 100 }, () => TOKEN))
    expect([revision.asked.length, changesSince.asked.length, reads.asked.length]).toEqual([2, 1, 1])
  })

  it('reads the store once for a hundred verifications that miss', async () => {
    const { find, reads, revision, changesSince } = await confirmedAndWarm()
    const found = Promise.all(Array.from({ length: 100 }, find))
    await flushPromises()
    revision.answer('1-y')
    await flushPromises()
    changesSince.answer({ revision: '1-y', digests: [TOKEN.digest] })
    await flushPromises()
    expect(reads.asked).toHaveLength(2)
    reads.answer(REVOKED)
    expect(new Set(await found)).toEqual(new Set([REVOKED]))
  })

  it('answers nobody who came after a reading was sent with what that reading found', async () => {
    const { find, reads, revision, changesSince } = await confirmedAndWarm()
    const before = find()
    await flushPromises()
    const after = find()
    await flushPromises()
    revision.answer('0-x')
    expect(await before).toEqual(TOKEN)
    await flushPromises()
    revision.answer('1-y')
    await flushPromises()
    changesSince.answer({ revision: '1-y', digests: [TOKEN.digest] })
    await flushPromises()
    reads.answer(REVOKED)
    expect(await after).toBe(REVOKED)
  })

  it('shares no read that a change has dropped, and keeps nothing of it', async () => {
    const { lookup, reads, revision, changesSince } = await confirmedAndWarm()
    const find = () => lookup.findByDigest(['another'], 'XY')
    const record = { ...TOKEN, digest: 'another', id: 'another' }
    const before = find()
    await flushPromises()
    revision.answer('0-x')
    await flushPromises()
    const after = find()
    await flushPromises()
    revision.answer('1-y')
    await flushPromises()
    changesSince.answer({ revision: '1-y', digests: ['another'] })
    await flushPromises()
    expect(reads.asked).toHaveLength(3)
    reads.answer(record)
    expect(await before).toBe(record)
    reads.answer({ ...record, revokedAt: NOW })
    expect(await after).toMatchObject({ revokedAt: NOW })
    const later = find()
    await flushPromises()
    changesSince.answer({ revision: '1-y', digests: [] })
    await flushPromises()
    expect(reads.asked).toHaveLength(4)
    reads.answer(null)
    expect(await later).toBeNull()
  })

  it('rejects with a StoreError when the reading fails, though the record is cached', async () => {
    const { find, revision } = await confirmedAndWarm()
    const refused = find().catch((error: unknown) => error)
    await flushPromises()
    revision.fail(new Error('ECONNRESET'))
    expect(await refused).toBeInstanceOf(StoreError)
  })

  it('gives up a reading that hangs, refuses who waited for it, and serves who came meanwhile', async () => {
    const { find, revision } = await confirmedAndWarm()
    const refused = find().catch((error: unknown) => error)
    await flushPromises()
    const served = find()
    await vi.advanceTimersByTimeAsync(DEADLINE_MS - 1)
    expect(revision.asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(2)
    expect(await refused).toMatchObject({ name: 'StoreError', code: 'store_unavailable' })
    expect(revision.asked).toHaveLength(3)
    revision.answer('0-what the reading that hung brings late')
    revision.answer('0-x')
    expect(await served).toEqual(TOKEN)
  })

  it('keeps nothing of a read of the store that was given up', async () => {
    const { lookup, reads, revision } = await confirmedAndWarm()
    const find = () => lookup.findByDigest(['another'], 'XY').catch((error: unknown) => error)
    for (const count of [2, 3]) {
      const refused = find()
      await flushPromises()
      revision.answer('0-x')
      await vi.advanceTimersByTimeAsync(DEADLINE_MS + 2)
      expect(await refused).toMatchObject({ name: 'StoreError', code: 'store_unavailable' })
      expect(reads.asked).toHaveLength(count)
      reads.answer({ ...TOKEN, digest: 'another' })
      await flushPromises()
    }
  })

  it('asks the store again for what it does not know', async () => {
    const { lookup, reads, revision } = await confirmedAndWarm()
    for (const count of [2, 3]) {
      const found = lookup.findByDigest(['unknown'], 'XY')
      await flushPromises()
      revision.answer('0-x')
      await flushPromises()
      expect(reads.asked).toHaveLength(count)
      reads.answer(null)
      expect(await found).toBeNull()
    }
  })
})

describe('boundedLookup', () => {
  async function warm() {
    const scene = opened(100)
    const lookup = scene.bounded()
    const find = () => lookup.findByDigest([TOKEN.digest], 'XY')
    const first = find()
    await flushPromises()
    scene.clock.now += 20
    scene.reads.answer(TOKEN)
    await first
    return { ...scene, lookup, find }
  }

  it('asks nobody until a record is as old as it may be, counted from when its reading began', async () => {
    const { clock, find, reads, revision } = await warm()
    clock.now += 79
    expect(await find()).toEqual(TOKEN)
    expect([reads.asked.length, revision.asked.length]).toEqual([1, 0])
    clock.now += 1
    void find()
    await flushPromises()
    expect(reads.asked).toHaveLength(2)
  })

  it('reads again after a change of the token by this process', async () => {
    const { lookup, find, reads } = await warm()
    lookup.forget(TOKEN.owner, TOKEN.id)
    const found = find()
    await flushPromises()
    reads.answer(REVOKED)
    expect(await found).toBe(REVOKED)
  })

  it('neither keeps nor shares a read that was under way when this process changed the token', async () => {
    const { lookup, clock, find, reads } = await warm()
    clock.now += 100
    const before = find()
    await flushPromises()
    lookup.forget(TOKEN.owner, TOKEN.id)
    const after = find()
    await flushPromises()
    reads.answer(TOKEN)
    reads.answer(REVOKED)
    expect(await Promise.all([before, after])).toEqual([TOKEN, REVOKED])
    void find()
    await flushPromises()
    expect(reads.asked).toHaveLength(4)
  })

  it('neither keeps nor shares a read by id that was under way when this process changed the token', async () => {
    const { bounded, readsById } = opened(100)
    const lookup = bounded()
    const find = () => lookup.cache.findToken(TOKEN.owner, TOKEN.id)
    const before = find()
    await flushPromises()
    lookup.forget(TOKEN.owner, TOKEN.id)
    const after = find()
    await flushPromises()
    readsById.answer(TOKEN)
    readsById.answer(REVOKED)
    expect(await Promise.all([before, after])).toEqual([TOKEN, REVOKED])
    void find()
    await flushPromises()
    expect(readsById.asked).toHaveLength(3)
  })

  it('shows the uses recorded by this process', async () => {
    const { lookup, find } = await warm()
    lookup.noteUses([{ owner: TOKEN.owner, id: TOKEN.id, at: NOW + 9 }])
    expect(await find()).toEqual({ ...TOKEN, lastUsedAt: NOW + 9 })
  })
})
