import type { Leases, TokenStore } from '@tessera/core'
import type { ChangeFeed } from '@tessera/core'
import { leasedLookup } from '../../src/lookup/leased-lookup.ts'
import type { LookupParts } from '../../src/lookup/lookup-parts.ts'
import type { Lookup } from '../../src/lookup/lookup.ts'
import type { Clocks } from '../../src/reading/lease.ts'
import type { Server, World } from './world.ts'

/** Everything that the promise of leases rests on. */
export interface Protocol {
  readonly lookup: (parts: LookupParts, feed: ChangeFeed, clocks: Clocks, world: World) => Lookup
  /** The revocation by its steps: it resolves at the reply. */
  readonly revoke: readonly ('write' | 'announce')[]
  readonly repeat: readonly ('write' | 'announce')[]
  readonly wait: (
    leases: Leases,
    change: TokenStore['change'],
    sleep: (ms: number) => Promise<void>,
  ) => TokenStore['change']
  /** The length beside the feed after a change. */
  readonly keep: (kept: number, own: number) => number
  /** Whether the change finds the length in its own step. */
  readonly findsLength: boolean
  readonly feed: (feed: ChangeFeed, world: World) => ChangeFeed
  readonly revisionOf: (server: Server) => string
  readonly isFenced: boolean
}

export const PROTOCOL: Protocol = {
  lookup: (parts, feed, clocks) => leasedLookup(parts, feed, clocks),
  revoke: ['write', 'announce'],
  repeat: ['write', 'announce'],
  wait: (leases, change) => leases.waiting(change),
  keep: Math.max,
  findsLength: true,
  feed: (feed) => feed,
  revisionOf: ({ log, history }) => `${log.length}-${log.at(-1)?.nonce}.${history}`,
  isFenced: true,
}
