import type { CacheStats } from '../store/cache-stats.ts'
import type { RefusalReason, Verification } from '../token/verification.ts'

/** Counts since the tokens were created, in this process. */
export interface TokensStats {
  readonly accepted: number
  readonly refused: Readonly<Record<RefusalReason, number>>
  readonly storeCalls: number
  readonly storeErrors: number
  /** Uses given up because too many tokens were tracked at once. */
  readonly usesDropped: number
  /** Asks for scopes given up because too many waited to be written. Until `report` looks past them, nothing is unasked. */
  readonly asksDropped: number
  /** Open watches. */
  readonly watches: number
  /** Of the cache in front of the store; `null` without one. */
  readonly cache: CacheStats | null
}

export interface Counters {
  countVerification(verification: Verification): void
  countStoreCall(error: Error | null): void
  read(): Pick<TokensStats, 'accepted' | 'refused' | 'storeCalls' | 'storeErrors'>
}

export function createCounters(): Counters {
  let accepted = 0
  let storeCalls = 0
  let storeErrors = 0
  const refused: Record<RefusalReason, number> = {
    missing: 0,
    malformed: 0,
    unknown: 0,
    revoked: 0,
    expired: 0,
    suspended: 0,
    network_not_allowed: 0,
    insufficient_scope: 0,
  }
  return {
    countVerification(verification) {
      if (verification.ok) accepted += 1
      else refused[verification.reason] += 1
    },
    countStoreCall(error) {
      storeCalls += 1
      if (error !== null) storeErrors += 1
    },
    read: () => ({ accepted, refused: { ...refused }, storeCalls, storeErrors }),
  }
}
