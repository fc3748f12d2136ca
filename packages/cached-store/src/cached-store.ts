import { setImmediate } from 'node:timers/promises'
import { deadlineOf, storeRule } from '@tessera/core'
import type {
  ChangeFeed,
  Decision,
  InsertConditions,
  Seen,
  TokenRecord,
  TokenStore,
  TokenUse,
  Wants,
} from '@tessera/core'
import { boundedLookup } from './lookup/bounded-lookup.ts'
import { confirmedLookup } from './lookup/confirmed-lookup.ts'
import { leasedLookup } from './lookup/leased-lookup.ts'
import type { LookupParts } from './lookup/lookup-parts.ts'
import type { Lookup } from './lookup/lookup.ts'
import { settingsOf } from './options.ts'
import type { CachedStoreOptions, Settings } from './options.ts'
import { createObserver } from './reading/observe.ts'
import { createPendingReads } from './reading/pending-reads.ts'
import { createRecords } from './records/records.ts'

/** A batch may have a use of every cached token. */
const MOST_NOTED_IN_TURN = 1_000

/**
 * A token store in front of another. It keeps the records of verified tokens in memory. All changes, and all reads but
 * `findByDigest` and those of `cache`, go to the other store.
 *
 * A record found by these may lack uses recorded by other processes: its `lastUsedAt` may be older, and a sliding
 * expiry earlier. An earlier expiry is not the end: the record is then read again.
 *
 * @throws TypeError for a wrong option, for `confirmed` in front of a store without a change feed, for `leased` in front of a
 *   store without leases, and for both in front of a cache with leases
 * @example const tokens = createTokens({ store: cachedStore(redisStore(client)), prefix: 'ot_pat' })
 */
export function cachedStore(store: TokenStore, options: CachedStoreOptions = {}): TokenStore {
  const settings = settingsOf(options)
  if (!storeRule.test(store)) throw new TypeError(`cachedStore: the store must be ${storeRule.right}`)
  if (settings.freshness === 'none') return store
  const parts = partsOf(store, settings)
  // What a bounded cache hands out may be older than the feed says: nothing could be confirmed by it.
  if (typeof settings.freshness === 'object') return inFrontOf(store, boundedLookup(parts))
  const feed = feedOf(store, settings.freshness)
  const lookup = settings.freshness === 'leased' ? leasedLookup(parts, feed) : confirmedLookup(parts, feed)
  return { ...inFrontOf(store, lookup), feed }
}

function feedOf({ feed, cache }: TokenStore, freshness: 'confirmed' | 'leased'): ChangeFeed {
  if (feed === undefined) {
    throw new TypeError(`cachedStore: freshness "${freshness}" needs a store with a change feed, and this one has none`)
  }
  if (freshness === 'leased' && feed.leasedChangesSince === undefined) {
    const cure = 'give the store the option "leaseMs", such as 100, in every process'
    throw new TypeError(`cachedStore: freshness "leased" needs a store with leases: ${cure}`)
  }
  // Its lease may be from before a change that the feed has announced already: nobody would look for that again.
  if (cache?.isFresh !== undefined) {
    throw new TypeError('cachedStore: the store is a cache with freshness "leased": put one cache in front of a store')
  }
  return feed
}

function partsOf(store: TokenStore, settings: Settings): LookupParts {
  const { freshness, deadlineMs, now, monotonicNow } = settings
  const maxAgeMs = typeof freshness === 'object' ? freshness.maxStalenessMs : null
  const records = createRecords({ ...settings, maxAgeMs })
  return {
    store,
    records,
    pending: createPendingReads(),
    pendingById: createPendingReads(),
    withinDeadline: deadlineOf(deadlineMs),
    observer: createObserver(),
    now,
    monotonicNow,
  }
}

function inFrontOf(store: TokenStore, lookup: Lookup): TokenStore {
  /** Drops records after the change, also after a failed one: it may have been made. */
  async function forgetting<Answer>(change: () => Promise<Answer>, forget: () => void): Promise<Answer> {
    try {
      return await change()
    } finally {
      forget()
    }
  }

  /** @param decisions All decisions: the written one among them is not known. */
  function forgetChanged(owner: string, { ids }: Wants, decisions: readonly Decision<unknown>[]): void {
    const added = decisions.flatMap(({ add = [] }) => add)
    const put = decisions.flatMap((decision) => decision.put ?? [])
    const addedIds = new Set(added.map(({ id }) => id))
    // An added id was free: nothing is cached of it, and reads of other tokens go on.
    const changedIds = [...ids.filter((id) => !addedIds.has(id)), ...put.map(({ id }) => id)]
    for (const id of new Set(changedIds)) lookup.forget(owner, id)
    for (const record of added) lookup.noteInsert(record)
    if (decisions.some(({ announce }) => announce === 'owner')) lookup.forgetOwner(owner)
  }

  function change<Answer>(owner: string, wants: Wants, decide: (seen: Seen) => Decision<Answer>): Promise<Answer> {
    const decisions: Decision<Answer>[] = []
    const noting = (seen: Seen): Decision<Answer> => {
      const decision = decide(seen)
      decisions.push(decision)
      return decision
    }
    return forgetting(
      () => store.change(owner, wants, noting),
      () => forgetChanged(owner, wants, decisions),
    )
  }

  async function recordUse(uses: readonly TokenUse[]): Promise<void> {
    await store.recordUse(uses)
    for (let start = 0; start < uses.length; start += MOST_NOTED_IN_TURN) {
      if (start > 0) await setImmediate()
      lookup.noteUses(uses.slice(start, start + MOST_NOTED_IN_TURN))
    }
  }

  const { insert } = store
  return {
    change,
    findByDigest: lookup.findByDigest,
    find: (owner, id) => store.find(owner, id),
    findById: (id) => store.findById(id),
    list: (query) => store.list(query),
    recordUse,
    prune: (retention) => forgetting(() => store.prune(retention), lookup.notePruning),
    ...(insert && {
      insert: (record: TokenRecord, conditions: InsertConditions) =>
        forgetting(
          () => insert.call(store, record, conditions),
          () => lookup.noteInsert(record),
        ),
    }),
    ready: async () => store.ready?.(),
    cache: lookup.cache,
  }
}
