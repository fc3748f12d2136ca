/** What a cache in front of a store has counted since it was made. */
export interface CacheStats {
  /** Verifications with a cached record. */
  readonly hits: number
  readonly misses: number
  /** Readings of the change feed, each shared by all verifications waiting for it. */
  readonly readings: number
  /** Readings after which everything was dropped. */
  readonly resets: number
}
