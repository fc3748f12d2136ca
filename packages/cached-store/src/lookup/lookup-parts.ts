import type { TokenStore } from '@tessera/core'
import type { Follower } from '../reading/follow-feed.ts'

/** What lookups by digest and by id are made of. */
export interface LookupParts extends Follower {
  readonly store: Pick<TokenStore, 'findByDigest' | 'find'>
  readonly now: () => number
  readonly monotonicNow: () => number
}
