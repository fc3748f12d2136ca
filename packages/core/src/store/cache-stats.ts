/** What a cache in front of a store has counted since it was made. */
export interface CacheStats {
  /** Verifications with a cached record. */
  readonly hits: number
  readonly misses: number
  /** Readings of the change feed, each shared by all verifications waiting for it. */
  readonly readings: number
  /** Readings that failed, or were late. */
  readonly failedReadings: number
  /** Readings after which everything was dropped. */
  readonly resets: number
  /** `null` for a cache without leases. */
  readonly lease: LeaseStats | null
}

/** The use of a cache's leases. */
export interface LeaseStats {
  /** The length kept by the store when it was last read, in milliseconds. A revocation takes 1.1 times as long. */
  readonly lengthMs: number
  /** Verifications while a lease counted: they waited for no reading. */
  readonly answered: number
  /** Verifications without one: each waited for a reading. Many mean an idle process, or readings that fail. */
  readonly awaited: number
}
