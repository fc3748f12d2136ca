import type { ChangeFeed, TokenRecord } from '@tessera/core'
import { boundedLookup } from '../../src/lookup/bounded-lookup.ts'
import { confirmedLookup } from '../../src/lookup/confirmed-lookup.ts'
import type { LookupParts } from '../../src/lookup/lookup-parts.ts'
import { cachedLookup } from '../../src/lookup/lookup.ts'
import type { Lookup } from '../../src/lookup/lookup.ts'
import { followFeed } from '../../src/reading/follow-feed.ts'
import type { PendingReads } from '../../src/reading/pending-reads.ts'
import { shareReadings } from '../../src/reading/shared-readings.ts'
import type { Records } from '../../src/records/records.ts'
import type { Protocol } from './protocol.ts'
import type { ScenarioName } from './scenario.ts'

/** What becomes of the protocol without one of its rules, and a scenario that shows it. */
interface BrokenRule {
  readonly scenario: ScenarioName
  readonly broken: Partial<Protocol>
}

export const BROKEN_RULES: Readonly<Record<string, BrokenRule>> = {
  'a verification waits for a reading of the feed': {
    scenario: 'three verifications of a cached token',
    broken: { lookup: boundedLookup },
  },
  'the reading began after the verification was invoked': {
    scenario: 'three verifications of a cached token',
    broken: { lookup: (parts, feed) => cachedLookup(parts, { confirm: joinReadings(followFeed(feed, parts)) }) },
  },
  'a reading that failed answers nobody': {
    scenario: 'an answer that is late',
    broken: {
      lookup(parts, feed) {
        const confirm = shareReadings(followFeed(feed, parts))
        return cachedLookup(parts, { confirm: () => confirm().catch(() => {}) })
      },
    },
  },
  'the cache comes to a revision only when the changes up to it were applied': {
    scenario: 'an answer that is late',
    broken: { lookup: (parts, feed) => cachedLookup(parts, { confirm: shareReadings(followHastily(feed, parts)) }) },
  },
  'a record is read after the revision that it is kept under': {
    scenario: 'three verifications of a token that is not cached',
    broken: { lookup: readingBeforeConfirming },
  },
  'a digest that changed is forgotten': {
    scenario: 'three verifications of a cached token',
    broken: { lookup: withRecords(() => ({ forget() {} })) },
  },
  'a read that was dropped is not kept': {
    scenario: 'three verifications of a token that is not cached',
    broken: { lookup: withPending(keepingAll) },
  },
  'a read that was dropped is not shared': {
    scenario: 'three verifications of a token that is not cached',
    broken: { lookup: withPending(sharingAll) },
  },
  'a read is dropped for each digest that it looks for': {
    scenario: 'a token that is looked for under two digests',
    broken: {
      lookup: withPending(({ share }) => ({
        share: (digests, read, keep) => share(digests.slice(0, 1), read, keep),
      })),
    },
  },
  'a change drops every pending read by id': {
    scenario: 'three verifications by id of a token that is not cached',
    broken: { lookup: withPendingById(() => ({ dropAll() {} })) },
  },
  'a read by id that was dropped is not kept': {
    scenario: 'verifications by id and by digest of a token that is not cached',
    broken: { lookup: withPendingById(keepingAll) },
  },
  'a read by id that was dropped is not shared': {
    scenario: 'three verifications by id of a token that is not cached',
    broken: { lookup: withPendingById(sharingAll) },
  },
  'a reset drops every pending read by id': {
    scenario: 'a feed that has lost entries, of a token that is looked for by id',
    broken: { lookup: withPendingById(() => ({ dropAll() {} })) },
  },
  'a verification by id waits for a reading of the feed': {
    scenario: 'three verifications by id of a cached token',
    broken: { lookup: boundedLookup },
  },
  'a reset empties the cache': {
    scenario: 'a feed that has lost the entries a reader needs',
    broken: { lookup: withRecords(() => ({ clear() {} })) },
  },
  'a reset drops all pending reads': {
    scenario: 'such a feed, of a token that is not cached',
    broken: { lookup: withPending(() => ({ dropAll() {} })) },
  },
  'a feed that does not know what changed says so': {
    scenario: 'a feed that has lost the entries a reader needs',
    broken: { lookup: (parts, feed) => confirmedLookup(parts, claimingToKnow(feed)) },
  },
  'a revision has a nonce': {
    scenario: 'a failover that loses the tail of the feed',
    broken: { revisionOf: ({ number }, { history }) => `${number}.${history}` },
  },
  'a revision names the history of the server that shows it': {
    scenario: 'a replica that lags takes over, and no client notices',
    broken: { revisionOf: ({ number, nonce }) => `${number}-${nonce}` },
  },
  'the history is read with the revision, and not when the client connects': {
    scenario: 'a replica that lags takes over, and no client notices',
    broken: {
      revisionOf: ({ number, nonce }, { historyAtConnection }) => `${number}-${nonce}.${historyAtConnection}`,
    },
  },
  'an owner that changed is forgotten': {
    scenario: 'a revocation in bulk of a cached token',
    broken: { lookup: withRecords(() => ({ forgetOwner() {} })) },
  },
  'the change of an owner drops every pending read': {
    scenario: 'a revocation in bulk of a token that is not cached',
    broken: { lookup: withPending(() => ({ dropAll() {} })) },
  },
  'the change of an owner drops every pending read by id': {
    scenario: 'a revocation in bulk of a token that is looked for by id',
    broken: { lookup: withPendingById(() => ({ dropAll() {} })) },
  },
  'the record is written before the feed': {
    scenario: 'three verifications of a cached token',
    broken: { revoke: ['announce', 'write the record', 'acknowledge'] },
  },
  'the feed is written before the acknowledgement': {
    scenario: 'three verifications of a cached token',
    broken: { revoke: ['write the record', 'acknowledge', 'announce'] },
  },
  'a change that is repeated is announced again': {
    scenario: 'a revoker that crashes before the feed is written, and begins again',
    broken: { revokeAgain: ['write the record', 'acknowledge'] },
  },
}

function withRecords(change: (records: Records) => Partial<Records>): Protocol['lookup'] {
  return (parts, feed) => confirmedLookup({ ...parts, records: { ...parts.records, ...change(parts.records) } }, feed)
}

function withPending(change: (pending: PendingReads) => Partial<PendingReads>): Protocol['lookup'] {
  return (parts, feed) => confirmedLookup({ ...parts, pending: { ...parts.pending, ...change(parts.pending) } }, feed)
}

function withPendingById(change: (pending: PendingReads) => Partial<PendingReads>): Protocol['lookup'] {
  return (parts, feed) =>
    confirmedLookup({ ...parts, pendingById: { ...parts.pendingById, ...change(parts.pendingById) } }, feed)
}

function joinReadings(read: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | null = null
  return () => {
    underWay ??= read().finally(() => {
      underWay = null
    })
    return underWay
  }
}

function followHastily(feed: ChangeFeed, { records, pending, withinDeadline }: LookupParts): () => Promise<void> {
  let reached = ''
  return async () => {
    const before = reached
    reached = await withinDeadline('read the revision', () => feed.revision())
    if (reached === before) return
    const { digests } = await withinDeadline('read the changes', () => feed.changesSince(before))
    if (digests === 'reset') records.clear()
    else for (const digest of digests) records.forget(digest)
    pending.dropAll()
  }
}

function readingBeforeConfirming(parts: LookupParts, feed: ChangeFeed): Lookup {
  const { store, records, now } = parts
  const confirm = shareReadings(followFeed(feed, parts))
  return {
    ...confirmedLookup(parts, feed),
    async findByDigest(digests, shard) {
      const record = await store.findByDigest(digests, shard)
      await confirm()
      const cached = records.find(digests, now())
      if (cached === null && record !== null) records.keep(record, now())
      return cached?.record ?? record
    },
  }
}

function keepingAll({ share }: PendingReads): Partial<PendingReads> {
  return {
    share(digests, read, keep) {
      async function readAndKeep(): Promise<TokenRecord | null> {
        const record = await read()
        if (record !== null) keep(record)
        return record
      }
      return share(digests, readAndKeep, () => {})
    },
  }
}

function sharingAll({ share }: PendingReads): Partial<PendingReads> {
  const underWay = new Map<string, Promise<TokenRecord | null>>()
  return {
    share(digests, read, keep) {
      const [digest = ''] = digests
      const reading = underWay.get(digest) ?? share(digests, () => read().finally(() => underWay.delete(digest)), keep)
      underWay.set(digest, reading)
      return reading
    },
  }
}

function claimingToKnow(feed: ChangeFeed): ChangeFeed {
  return {
    ...feed,
    async changesSince(revision) {
      const { revision: newest, digests } = await feed.changesSince(revision)
      return { revision: newest, digests: digests === 'reset' ? [] : digests }
    },
  }
}
