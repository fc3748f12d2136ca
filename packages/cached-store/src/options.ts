import { checkOptions, clockRule, isFunction, wholeNumber } from '@tessera/core'

/**
 * What a cached record is worth.
 *
 * - `confirmed`: it counts once the store's change feed was read, by a reading that began after the verification did. A
 *   revocation that was acknowledged is seen by every verification invoked later, in any process.
 * - `none`: nothing is cached, each record is read from the store.
 * - `{ maxStalenessMs }`: it counts for that long. A token that another process revoked is accepted until then.
 */
export type Freshness = 'confirmed' | 'none' | { readonly maxStalenessMs: number }

export interface CachedStoreOptions {
  /** Default `confirmed`. */
  readonly freshness?: Freshness
  /** How many records are kept at most, 1 to 10,000,000; the least recently used give way. Default 100,000. */
  readonly max?: number
  /**
   * How many bytes of the heap the records may take, by an estimate from their texts, 1 to 10^12; the least recently used give
   * way. Default 200,000,000, which is what 100,000 records of the usual size take when they are in use.
   */
  readonly maxBytes?: number
  /**
   * How long one reading of the change feed, or of a record, may take before the verifications that wait for it reject.
   * One that arrives while a reading hangs waits for that one to be given up and for its own. Default 1,000.
   */
  readonly deadlineMs?: number
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number
  /** A clock in milliseconds that nobody sets: the age of records goes by it. Default `() => performance.now()`. */
  readonly monotonicNow?: () => number
}

export type Settings = Readonly<Required<CachedStoreOptions>>

const LONGEST_MS = 3_600_000

/** @throws TypeError that names the option that is unknown or wrong */
export function settingsOf(options: CachedStoreOptions): Settings {
  checkOptions('cachedStore', options, {
    freshness: {
      right: '"confirmed", "none" or { maxStalenessMs }',
      test: (value) => value === 'confirmed' || value === 'none' || (typeof value === 'object' && value !== null),
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
  const { now = Date.now, monotonicNow = () => performance.now() } = options
  if (typeof freshness === 'object') {
    checkOptions('cachedStore: freshness', freshness, {
      maxStalenessMs: { ...wholeNumber(1, LONGEST_MS, 'milliseconds'), required: true },
    })
  }
  return { freshness, max, maxBytes, deadlineMs, now, monotonicNow }
}
