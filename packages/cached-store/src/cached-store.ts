import { setImmediate } from 'node:timers/promises'
import { storeRule } from '@tessera/core'
import type { RotateOutcome, Rotation, TokenRecord, TokenStore, TokenUse } from '@tessera/core'
import { boundedLookup } from './bounded-lookup.ts'
import { confirmedLookup } from './confirmed-lookup.ts'
import { deadlineOf } from './deadline.ts'
import { createFills } from './fills.ts'
import type { Lookup, LookupParts } from './lookup.ts'
import { createObserver } from './observe.ts'
import { settingsOf } from './options.ts'
import type { CachedStoreOptions, Settings } from './options.ts'
import { createRecords } from './records.ts'

/** A batch may hold a use of every cached token. */
const MOST_NOTED_IN_TURN = 1_000

/**
 * A token store in front of another, which keeps the records of verified tokens in memory. All changes, and all reads but
 * `findByDigest` and `findStanding`, go to the other store. The `lastUsedAt` of a record found by these may lag behind uses
 * that other processes recorded, and so may an expiry that slides: an earlier one is not the end, but the time at which the
 * record is read anew.
 *
 * @throws TypeError for an option that is wrong, and for `confirmed` in front of a store without a change feed
 * @example const tokens = createTokens({ store: cachedStore(redisStore(client)), prefix: 'ot_pat' })
 */
export function cachedStore(store: TokenStore, options: CachedStoreOptions = {}): TokenStore {
  const settings = settingsOf(options)
  if (!storeRule.test(store)) throw new TypeError(`cachedStore: the store must be ${storeRule.right}`)
  if (settings.freshness === 'none') return store
  const parts = partsOf(store, settings)
  const cacheStats = parts.observer.stats
  // What a bounded cache hands out may be older than the feed tells: nothing could be confirmed by it.
  if (settings.freshness !== 'confirmed') return { ...inFrontOf(store, boundedLookup(parts)), cacheStats }
  const { changes } = store
  if (changes === undefined) {
    throw new TypeError('cachedStore: freshness "confirmed" needs a store with a change feed, and this one has none')
  }
  return { ...inFrontOf(store, confirmedLookup(parts, changes)), cacheStats, changes }
}

function partsOf(store: TokenStore, settings: Settings): LookupParts {
  const { freshness, deadlineMs, now, monotonicNow } = settings
  const maxAgeMs = typeof freshness === 'object' ? freshness.maxStalenessMs : null
  const records = createRecords({ ...settings, maxAgeMs })
  return {
    store,
    records,
    fills: createFills(),
    fillsById: createFills(),
    withinDeadline: deadlineOf(deadlineMs),
    observer: createObserver(),
    now,
    monotonicNow,
  }
}

function inFrontOf(store: TokenStore, lookup: Lookup): TokenStore {
  /** Forgets after the change, also after one that failed: it may have been made. */
  async function forgetting<Answer>(change: Promise<Answer>, forget: () => void): Promise<Answer> {
    try {
      return await change
    } finally {
      forget()
    }
  }

  function changing<Answer>(owner: string, id: string, change: Promise<Answer>): Promise<Answer> {
    return forgetting(change, () => lookup.forget(owner, id))
  }

  /** Gives up the token that another took the place of, whose rotation the change has completed. */
  function forgetPredecessor({ owner, rotatedFrom }: TokenRecord): void {
    if (rotatedFrom !== null) lookup.forget(owner, rotatedFrom)
  }

  async function rotate(owner: string, id: string, rotation: Rotation): Promise<RotateOutcome> {
    const answer = await changing(owner, id, store.rotate(owner, id, rotation))
    if (answer.outcome === 'rotated') forgetPredecessor(answer.record)
    return answer
  }

  async function completeRotation(owner: string, id: string, at: number): Promise<TokenRecord | null> {
    const record = await changing(owner, id, store.completeRotation(owner, id, at))
    if (record !== null) forgetPredecessor(record)
    return record
  }

  async function recordUse(uses: readonly TokenUse[]): Promise<void> {
    await store.recordUse(uses)
    for (let start = 0; start < uses.length; start += MOST_NOTED_IN_TURN) {
      if (start > 0) await setImmediate()
      lookup.noteUses(uses.slice(start, start + MOST_NOTED_IN_TURN))
    }
  }

  return {
    insert: (record, conditions) => forgetting(store.insert(record, conditions), () => lookup.noteInsert(record)),
    findByDigest: lookup.findByDigest,
    find: (owner, id) => store.find(owner, id),
    findStanding: (owner, id) => lookup.findStanding(owner, id),
    list: (query) => store.list(query),
    findRequest: (owner, request, now) => store.findRequest(owner, request, now),
    revoke: (owner, id, revocation) => changing(owner, id, store.revoke(owner, id, revocation)),
    revokeAll: (owner, selection) => forgetting(store.revokeAll(owner, selection), () => lookup.forgetOwner(owner)),
    suspend: (owner, id, change) => changing(owner, id, store.suspend(owner, id, change)),
    resume: (owner, id, change) => changing(owner, id, store.resume(owner, id, change)),
    edit: (owner, id, edit) => changing(owner, id, store.edit(owner, id, edit)),
    rotate,
    completeRotation,
    recordUse,
    rekey: (owner, id, digest) => changing(owner, id, store.rekey(owner, id, digest)),
    prune: (retention) => forgetting(store.prune(retention), lookup.notePruning),
  }
}
