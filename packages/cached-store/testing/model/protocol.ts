import type { ChangeFeed } from '@tessera/core'
import { confirmedLookup } from '../../src/lookup/confirmed-lookup.ts'
import type { LookupParts } from '../../src/lookup/lookup-parts.ts'
import type { Lookup } from '../../src/lookup/lookup.ts'
import type { RevokerStep } from './revoker.ts'
import type { Entry, Server } from './world.ts'

/** Everything that the promise rests on: what a cache does, and what a store does. */
export interface Protocol {
  readonly lookup: (parts: LookupParts, feed: ChangeFeed) => Lookup
  readonly revoke: readonly RevokerStep[]
  /** What is done when the token is found revoked, by someone whose first attempt ended after its first step. */
  readonly revokeAgain: readonly RevokerStep[]
  readonly revisionOf: (entry: Entry, server: Server) => string
}

export const PROTOCOL: Protocol = {
  lookup: confirmedLookup,
  revoke: ['write the record', 'announce', 'acknowledge'],
  revokeAgain: ['write the record', 'announce', 'acknowledge'],
  revisionOf: ({ number, nonce }, { history }) => `${number}-${nonce}.${history}`,
}
