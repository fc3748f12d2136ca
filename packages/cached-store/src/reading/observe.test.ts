import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { memoryStore } from '@tessera/memory-store'
import { stepsOn } from '@tessera/store-conformance'
import { describe, expect, it } from 'vitest'
import { changeAt } from '../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { cachedStore } from '../cached-store.ts'

const TOKEN = sampleRecord()
const { owner, id, digest } = TOKEN
const NONE = { hits: 0, misses: 0, readings: 0, failedReadings: 0, resets: 0, lease: null }

async function opened() {
  const source = stepsOn(memoryStore())
  await source.insert(TOKEN, FREELY)
  const store = cachedStore(source, { now: () => NOW })
  const find = () => store.findByDigest([digest], '00')
  return { source, store, find }
}

describe('stats', () => {
  it('counts hits, misses, and the readings that they share', async () => {
    const { store, find } = await opened()
    await find()
    await Promise.all([find(), find(), find()])
    expect(store.cache?.stats?.()).toEqual({ ...NONE, hits: 3, misses: 1, readings: 2, resets: 1 })
  })

  it('is there for a bounded cache too, and not where nothing is cached', () => {
    expect(cachedStore(memoryStore(), { freshness: { maxStalenessMs: 1 } }).cache?.stats?.()).toEqual(NONE)
    expect(cachedStore(memoryStore(), { freshness: 'none' }).cache?.stats).toBeUndefined()
  })
})

describe('the channel tessera:cache', () => {
  it('publishes each event, and nothing of a digest', async () => {
    const { source, find } = await opened()
    const messages: unknown[] = []
    const listener = (message: unknown) => messages.push(message)
    subscribe('tessera:cache', listener)
    await find()
    await find()
    await source.suspend(owner, id, changeAt(NOW))
    await find()
    unsubscribe('tessera:cache', listener)
    await find()
    expect(messages).toEqual([
      { operation: 'reading', prefix: null },
      { operation: 'reset', prefix: null },
      { operation: 'miss', prefix: null },
      { operation: 'reading', prefix: null },
      { operation: 'hit', prefix: TOKEN.prefix },
      { operation: 'reading', prefix: null },
      { operation: 'change', prefix: null },
      { operation: 'miss', prefix: null },
    ])
  })
})
