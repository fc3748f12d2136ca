import { checkOptions, clockRule, wholeNumber } from '@tessera/core'

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
  /**
   * How many records are kept at most, 1 to 10,000,000; the least recently used give way. Default 100,000, which take
   * about 100 MB when they are of the usual 1 kB each.
   */
  readonly max?: number
  /**
   * How long one reading of the change feed, or of a record, may take before the verifications that wait for it reject.
   * One that arrives while a reading hangs waits for that one to be given up and for its own. Default 1,000.
   */
  readonly deadlineMs?: number
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number
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
    deadlineMs: wholeNumber(1, LONGEST_MS, 'milliseconds'),
    now: clockRule,
  })
  const { freshness = 'confirmed', max = 100_000, deadlineMs = 1_000, now = Date.now } = options
  if (typeof freshness === 'object') {
    checkOptions('cachedStore: freshness', freshness, {
      maxStalenessMs: { ...wholeNumber(1, LONGEST_MS, 'milliseconds'), required: true },
    })
  }
  return { freshness, max, deadlineMs, now }
}
