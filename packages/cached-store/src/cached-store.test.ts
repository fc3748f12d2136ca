import { setImmediate } from 'node:timers/promises'
import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import type { MemoryStore } from '@tessera/memory-store'
import { stepsOn, testTokenStore } from '@tessera/store-conformance'
import { describe, expect, it } from 'vitest'
import { changeAt, editAt, everyAt, revocationAt, sampleRotation } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { cachedStore } from './cached-store.ts'

// An hour ahead of the suite's own clock: a pruned token is one that had expired.
const now = () => Date.UTC(2040, 0, 1, 1)
// Room for that many is made when a store is opened, which a suite does hundreds of times.
const max = 1_000
const changeFeed = { keeps: 10_000 }

function leasingForever({ feed, ...store }: MemoryStore): TokenStore {
  const leaseMs = 1_000_000
  return {
    ...store,
    feed: { ...feed, leasedChangesSince: async (at) => ({ ...(await feed.changesSince(at)), leaseMs }) },
  }
}

testTokenStore('cached-store, confirmed, alone', { create: () => cachedStore(memoryStore(), { max, now }), changeFeed })
// Changes through the cache itself are seen without a wait: only `leases` has to wait.
testTokenStore('cached-store, leased, alone', {
  create: () => cachedStore(leasingForever(memoryStore()), { max, now, freshness: 'leased' }),
  changeFeed,
  leases: { create: (leaseMs) => cachedStore(memoryStore({ leaseMs }), { max, now, freshness: 'leased' }) },
})
testTokenStore('cached-store, bounded, alone', {
  create: () => cachedStore(memoryStore(), { max, freshness: { maxStalenessMs: 60_000 }, now }),
})

testTokenStore('cached-store, confirmed, alone, where find is answered by findToken of its cache', {
  create() {
    const store = cachedStore(memoryStore(), { max, now })
    return { ...store, find: (owner, id) => store.cache?.findToken(owner, id) ?? store.find(owner, id) }
  },
  changeFeed,
})

const sources = new WeakMap<TokenStore, TokenStore>()
function inFrontOf(source: TokenStore): TokenStore {
  const store = cachedStore(source, { max, now })
  sources.set(store, source)
  return store
}
testTokenStore('cached-store, confirmed, several on one store', {
  create: () => inFrontOf(memoryStore()),
  connect: (store) => inFrontOf(sources.get(store) ?? memoryStore()),
  changeFeed,
})

const TOKEN = sampleRecord()
const { owner, id, digest } = TOKEN

/** A store with one token, which counts how often it is asked for a record, and can fail after it made a change. */
async function watched() {
  const memory = memoryStore()
  const source = stepsOn(memory)
  await source.insert(TOKEN, FREELY)
  const watch = { reads: 0, failsAfterChanging: false }
  const store: TokenStore = {
    ...memory,
    findByDigest(digests, shard) {
      watch.reads += 1
      return source.findByDigest(digests, shard)
    },
    find(owner, id) {
      watch.reads += 1
      return source.find(owner, id)
    },
    async change(...step) {
      const answer = await memory.change(...step)
      if (watch.failsAfterChanging) throw new Error('the feed is down')
      return answer
    },
  }
  return { source, store, watch }
}

describe('cachedStore', () => {
  it('reads a record once for many verifications, and again after another process changed it', async () => {
    const { source, store, watch } = await watched()
    const cached = cachedStore(store, { now: () => NOW })
    for (let number = 0; number < 10; number += 1) {
      expect(await cached.findByDigest([digest], '')).toEqual(TOKEN)
    }
    expect(watch.reads).toBe(1)
    const changes = [
      () => source.suspend(owner, id, changeAt(NOW + 1)),
      () => source.resume(owner, id, changeAt(NOW + 2)),
      () => source.revoke(owner, id, revocationAt(NOW + 3)),
    ]
    for (const change of changes) {
      expect(await change()).toEqual({ outcome: 'done', record: await cached.findByDigest([digest], '') })
    }
    expect(watch.reads).toBe(4)
  })

  it('finds a token by owner and id as it finds a record by digest, each in what the other has cached', async () => {
    const { source, store, watch } = await watched()
    const cached = cachedStore(store, { now: () => NOW })
    const findToken = async () => cached.cache?.findToken(owner, id)
    expect(await findToken()).toEqual(TOKEN)
    expect(await cached.findByDigest([digest], '')).toEqual(TOKEN)
    await source.suspend(owner, id, changeAt(NOW + 1))
    expect(await cached.findByDigest([digest], '')).toMatchObject({ suspendedAt: NOW + 1 })
    expect(await findToken()).toMatchObject({ suspendedAt: NOW + 1 })
    expect(watch.reads).toBe(2)
    await source.revoke(owner, id, revocationAt(NOW + 4))
    expect(await findToken()).toMatchObject({ revokedAt: NOW + 4 })
    expect(await cached.cache?.findToken('other', id)).toBeNull()
  })

  it('always reads the store for a record that is shown', async () => {
    const { source, store } = await watched()
    const cached = cachedStore(store, { now: () => NOW })
    await cached.cache?.findToken(owner, id)
    await source.recordUse([{ owner, id, at: NOW + 5 }])
    expect(await cached.find(owner, id)).toMatchObject({ lastUsedAt: NOW + 5 })
    expect(await cached.cache?.findToken(owner, id)).toMatchObject({ lastUsedAt: null })
  })

  it('finds a token under its new digest, and not under the one left behind', async () => {
    const { source, store } = await watched()
    const cached = cachedStore(store, { now: () => NOW })
    await cached.findByDigest(['peppered', digest], '')
    await source.rekey(owner, id, 'peppered')
    expect(await cached.findByDigest(['peppered', digest], '')).toEqual({ ...TOKEN, digest: 'peppered' })
    expect(await cached.findByDigest([digest], '')).toBeNull()
  })

  it('shows the uses that were recorded through it', async () => {
    const { store, watch } = await watched()
    const cached = cachedStore(store, { now: () => NOW })
    await cached.findByDigest([digest], '')
    await cached.recordUse([{ owner, id, at: NOW + 5 }])
    expect(await cached.findByDigest([digest], '')).toEqual({ ...TOKEN, lastUsedAt: NOW + 5 })
    expect(watch.reads).toBe(1)
  })

  it('reads an expiry that slid anew: at once in the process that wrote it, in others when the earlier one has passed', async () => {
    const { source } = await watched()
    const sliding = sampleRecord({ id: 'sliding', digest: 'sliding', expiresAt: NOW + 10 })
    await source.insert(sliding, FREELY)
    const clock = { now: NOW }
    const [mine, theirs] = [0, 1].map(() => cachedStore(source, { now: () => clock.now }))
    const seen = async () => Promise.all([mine, theirs].map(async (store) => store?.findByDigest(['sliding'], '')))
    expect(await seen()).toMatchObject([{ expiresAt: NOW + 10 }, { expiresAt: NOW + 10 }])
    await mine?.recordUse([{ owner, id: 'sliding', at: NOW + 5, extendTo: NOW + 50 }])
    expect(await seen()).toMatchObject([{ expiresAt: NOW + 50 }, { expiresAt: NOW + 10 }])
    clock.now = NOW + 10
    expect(await seen()).toMatchObject([{ expiresAt: NOW + 50 }, { expiresAt: NOW + 50 }])
  })

  it('accepts what another process revoked for as long as maxStalenessMs says, and no longer', async () => {
    const { source, store } = await watched()
    const clock = { now: NOW }
    const cached = cachedStore(store, { freshness: { maxStalenessMs: 5_000 }, now: () => clock.now })
    await cached.findByDigest([digest], '')
    await source.revoke(owner, id, revocationAt(NOW + 1))
    clock.now = NOW + 4_999
    expect(await cached.findByDigest([digest], '')).toMatchObject({ revokedAt: null })
    clock.now = NOW + 5_000
    expect(await cached.findByDigest([digest], '')).toMatchObject({ revokedAt: NOW + 1 })
  })

  it('sees at once what was changed through it, by whatever change', async () => {
    const { store } = await watched()
    const cached = stepsOn(cachedStore(store, { freshness: { maxStalenessMs: 5_000 }, now: () => NOW }))
    const find = () => cached.findByDigest([digest], '')
    await find()
    await cached.suspend(owner, id, changeAt(NOW + 1))
    expect(await find()).toMatchObject({ suspendedAt: NOW + 1 })
    expect(await cached.cache?.findToken(owner, id)).toMatchObject({ suspendedAt: NOW + 1 })
    await cached.resume(owner, id, changeAt(NOW + 2))
    expect(await find()).toMatchObject({ suspendedAt: null })
    await cached.rekey(owner, id, 'peppered')
    expect(await find()).toBeNull()
    await cached.rekey(owner, id, digest)
    expect(await find()).toMatchObject({ id })
    await cached.revoke(owner, id, revocationAt(NOW + 3))
    expect(await find()).toMatchObject({ revokedAt: NOW + 3 })
  })

  it('sees at once what a rotation, its completion, an edit and a bulk revocation made through it', async () => {
    const { store } = await watched()
    const cached = stepsOn(cachedStore(store, { freshness: { maxStalenessMs: 5_000 }, now: () => NOW }))
    const find = async (of: string) => cached.findByDigest([of], '')
    const rotate = async (from: string, to: string) => {
      const successor = { id: to, digest: to, prefix: 'ot_pat', preview: '' }
      return cached.rotate(owner, from, sampleRotation({ overlapMs: 50, successor }))
    }
    await find(digest)
    await rotate(id, 'second')
    expect(await find(digest)).toMatchObject({ rotatedTo: 'second' })
    await find('second')
    await rotate('second', 'third')
    expect(await find('second')).toMatchObject({ rotatedTo: 'third' })
    await find('third')
    await cached.completeRotation(owner, 'third', NOW + 1)
    for (const earlier of [digest, 'second']) expect(await find(earlier)).toMatchObject({ revokedAt: NOW + 1 })
    expect(await find('third')).toMatchObject({ overlapEndsAt: null })
    await cached.edit(owner, 'third', editAt(NOW + 2, { name: 'renamed' }))
    expect(await find('third')).toMatchObject({ name: 'renamed' })
    await cached.revokeAll(owner, everyAt(NOW + 3))
    expect(await find('third')).toMatchObject({ revokedAt: NOW + 3 })
  })

  it("sees that another process revoked all of an owner's tokens, and reads no other owner's anew", async () => {
    const { source, store, watch } = await watched()
    const many = Array.from({ length: 300 }, () => sampleRecord({ owner: 'of many' }))
    for (const record of many) await source.insert(record, FREELY)
    const cached = cachedStore(store, { max, now })
    const readAll = () => Promise.all([TOKEN, ...many].map((record) => cached.findByDigest([record.digest], '')))
    await readAll()
    await stepsOn(cachedStore(source, { max, now })).revokeAll('of many', everyAt(NOW))
    watch.reads = 0
    const [other, ...revoked] = await readAll()
    expect(other).toEqual(TOKEN)
    expect(revoked.filter((record) => record?.revokedAt !== NOW)).toEqual([])
    expect(watch.reads).toBe(many.length)
    expect(cached.cache?.stats?.().resets).toBe(1)
  })

  it('lets others have their turn while it takes in the uses of many tokens', async () => {
    const cached = cachedStore(memoryStore(), { max, now })
    const uses = Array.from({ length: 2_500 }, (_, number) => ({ owner, id: `${number}`, at: NOW }))
    const order: string[] = []
    const recorded = cached.recordUse(uses).then(() => order.push('recorded'))
    for (const turn of ['a turn', 'another turn']) {
      await setImmediate()
      order.push(turn)
    }
    await recorded
    expect(order).toEqual(['a turn', 'another turn', 'recorded'])
  })

  it('forgets the token also when a change of it was not acknowledged', async () => {
    const { store, watch } = await watched()
    const cached = stepsOn(cachedStore(store, { freshness: { maxStalenessMs: 5_000 }, now: () => NOW }))
    await cached.findByDigest([digest], '')
    watch.failsAfterChanging = true
    await expect(cached.revoke(owner, id, revocationAt(NOW + 1))).rejects.toThrow('the feed is down')
    expect(await cached.findByDigest([digest], '')).toMatchObject({ revokedAt: NOW + 1 })
  })

  it('is the store itself where nothing may be cached', () => {
    const store = memoryStore()
    expect(cachedStore(store, { freshness: 'none' })).toBe(store)
  })

  it('refuses to confirm by a store without a change feed, and says why', () => {
    const { feed: _, ...store } = memoryStore()
    expect(() => cachedStore(store)).toThrow(TypeError)
    expect(() => cachedStore(store)).toThrow('freshness "confirmed" needs a store with a change feed')
    expect(() => cachedStore(store, { freshness: { maxStalenessMs: 5_000 } })).not.toThrow()
  })

  it('refuses to confirm by a cache that is not confirmed itself, and confirms by one that is', async () => {
    const { source, store } = await watched()
    const twice = cachedStore(cachedStore(store, { now: () => NOW }), { now: () => NOW })
    await twice.findByDigest([digest], '')
    await source.revoke(owner, id, revocationAt(NOW + 1))
    expect(await twice.findByDigest([digest], '')).toMatchObject({ revokedAt: NOW + 1 })
    const leased = cachedStore(memoryStore({ leaseMs: 100 }), { freshness: 'leased' })
    for (const freshness of ['confirmed', 'leased'] as const) {
      expect(() => cachedStore(leased, { freshness })).toThrow('the store is a cache with freshness "leased"')
    }
    const bounded = cachedStore(memoryStore(), { freshness: { maxStalenessMs: 5_000 } })
    expect(() => cachedStore(bounded)).toThrow('needs a store with a change feed')
  })

  it('refuses what is no store', () => {
    const { change: _, ...store } = memoryStore()
    for (const wrong of [undefined, null, {}, store]) {
      expect(() => cachedStore(wrong as TokenStore)).toThrow('the store must be a TokenStore, with the methods change,')
    }
  })
})
