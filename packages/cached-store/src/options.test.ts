import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'
import { cachedStore } from './cached-store.ts'

const open = (options: object) => () => cachedStore(memoryStore(), options)

describe('the options of cachedStore', () => {
  it.each<[string, object]>([
    ['unknown option "ttl"', { ttl: 5 }],
    ['"freshness" must be "confirmed", "leased", "none" or', { freshness: 'eventual' }],
    ['"freshness" must be', { freshness: 5_000 }],
    ['"freshness" must be', { freshness: null }],
    ['"maxStalenessMs" must be', { freshness: {} }],
    ['unknown option "maxStaleness"', { freshness: { maxStaleness: 5 } }],
    ['freshness "leased" needs a store with leases: give the store the option "leaseMs"', { freshness: 'leased' }],
    ['"max" must be', { max: 1.5 }],
    ['"max" must be', { max: '100' }],
    ['"max" must be', { max: 10_000_001 }],
    ['"maxBytes" must be', { maxBytes: 0 }],
    ['"maxBytes" must be', { maxBytes: Number.POSITIVE_INFINITY }],
    ['"monotonicNow" must be', { monotonicNow: performance.now() }],
    ['"monotonicNow" must be', { monotonicNow: () => Number.NaN }],
    ['"now" must be', { now: Date.now() }],
    ['"now" must be', { now: () => new Date() }],
    ...[0, -1, 0.5, Number.POSITIVE_INFINITY, Number.NaN, 3_600_001].flatMap((wrong): [string, object][] => [
      ['"deadlineMs" must be', { deadlineMs: wrong }],
      ['"maxStalenessMs" must be', { freshness: { maxStalenessMs: wrong } }],
    ]),
    ...[0, -1, Number.POSITIVE_INFINITY, Number.NaN].map((wrong): [string, object] => [
      '"max" must be',
      { max: wrong },
    ]),
  ])('refuse with %s: %j', (message, options) => {
    expect(open(options)).toThrow(TypeError)
    expect(open(options)).toThrow(message)
  })

  it.each([
    {},
    { freshness: 'confirmed' },
    { freshness: 'none' },
    { freshness: { maxStalenessMs: 1 }, max: 1, maxBytes: 1, deadlineMs: 1, now: () => 0, monotonicNow: () => 0.5 },
    { freshness: { maxStalenessMs: 3_600_000 }, max: 1_000_000, deadlineMs: 3_600_000, now: Date.now },
    { freshness: undefined, max: undefined, maxBytes: undefined, deadlineMs: undefined, now: undefined },
  ])('take %j', (options) => {
    expect(open(options)).not.toThrow()
  })
})
