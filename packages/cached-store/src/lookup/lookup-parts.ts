import type { TokenStore } from '@tessera/core'
import type { Follower } from '../reading/follow-feed.ts'

/** What lookups by digest and by id are made of. */
export interface LookupParts extends Follower {
  readonly store: Pick<TokenStore, 'findByDigest' | 'find'>
  readonly now: () => number
  readonly monotonicNow: () => number
}

/** How a cache comes to be up to date for a caller. */
export interface Confirmation {
  /** Whether it is so in this very turn. */
  readonly isFresh?: () => boolean
  /** Resolves once it is. */
  readonly confirm: () => Promise<void>
}
