import { checkOptions, clockRule, isFunction, systemClock, wholeNumber } from '@tessera/core'

/**
 * The worth of a cached record.
 *
 * - `confirmed`: it counts after a reading of the store's change feed that began after the verification did. Every
 *   verification invoked after an acknowledged revocation sees it, in any process.
 * - `leased`: it counts as long as the cache has a lease of the store, and after a reading without one. The same promise,
 *   with almost no waiting. Every change waits instead, for 1.1 times the store's `leaseMs`.
 * - `none`: nothing is cached, each record is read from the store.
 * - `{ maxStalenessMs }`: it counts for so long. A token revoked by another process is accepted until then.
 */
export type Freshness = 'confirmed' | 'leased' | 'none' | { readonly maxStalenessMs: number }

export interface CachedStoreOptions {
  /** Default `confirmed`. */
  readonly freshness?: Freshness
  /** How many records are kept at most, 1 to 10,000,000; the least recently used give way. Default 100,000. */
  readonly max?: number
  /**
   * The bytes of the heap for records, by an estimate from their texts, 1 to 10^12; the least recently used give way.
   * Default 200,000,000, enough for 100,000 records of the usual size in use.
   */
  readonly maxBytes?: number
  /**
   * The time for one reading of the change feed, or of a record, before its verifications reject. One that arrives
   * during a hanging reading waits for its end and for its own. Default 1,000.
   */
  readonly deadlineMs?: number
  /** The clock, in epoch milliseconds. Default `() => Date.now()`. */
  readonly now?: () => number
  /** A clock in milliseconds that nobody sets, for the age of records. Default `() => performance.now()`. */
  readonly monotonicNow?: () => number
}

export type Settings = Readonly<Required<CachedStoreOptions>>

const LONGEST_MS = 3_600_000
const NAMED: readonly unknown[] = ['confirmed', 'leased', 'none'] satisfies readonly Freshness[]

/** @throws TypeError for an unknown or wrong option, with its name */
export function settingsOf(options: CachedStoreOptions): Settings {
  checkOptions('cachedStore', options, {
    freshness: {
      right: '"confirmed", "leased", "none" or { maxStalenessMs }',
      test: (value) => NAMED.includes(value) || (typeof value === 'object' && value !== null),
    },
    max: wholeNumber(1, 10_000_000),
    maxBytes: wholeNumber(1, 1_000_000_000_000),
    deadlineMs: wholeNumber(1, LONGEST_MS, 'milliseconds'),
    now: clockRule,
    monotonicNow: {
      right: 'a function that returns milliseconds',
      test: (value) => isFunction(value) && Number.isFinite(Reflect.apply(value, undefined, [])),
    },
  })
  const { freshness = 'confirmed', max = 100_000, maxBytes = 200_000_000, deadlineMs = 1_000 } = options
  const { now = systemClock, monotonicNow = () => performance.now() } = options
  if (typeof freshness === 'object') {
    checkOptions('cachedStore: freshness', freshness, {
      maxStalenessMs: { ...wholeNumber(1, LONGEST_MS, 'milliseconds'), required: true },
    })
  }
  return { freshness, max, maxBytes, deadlineMs, now, monotonicNow }
}
