import { storeChannel } from '../observe/diagnostics.ts'
import { done, isWatched, trace } from '../observe/trace.ts'
import type { Step } from '../steps/decision/decision.ts'
import { insert } from '../steps/insert.ts'
import type { InsertConditions, InsertOutcome } from '../steps/insert.ts'
import { ofApi, requestUnder } from '../steps/decision/of-api.ts'
import type { TokenPage, TokenQuery } from '../store/query.ts'
import type { Retention } from '../store/retention.ts'
import type { ChangeFeed, TokenCache, TokenStore } from '../store/store.ts'
import { asStoreError } from '../token/errors.ts'
import type { TokenRecord } from '../token/token.ts'

const FIND = 'find a token by its digest'
const FOLLOW = 'read its changes'

/** How many rows a filtered page looks at, so that its cost is bounded. */
const MOST_LOOKED_AT = 5_000

/** One API's part of a store, with every failure as a StoreError. */
export interface GuardedStore extends Pick<TokenStore, 'findByDigest' | 'find' | 'findById' | 'recordUse'> {
  take<Answer>(owner: string, step: Step<Answer>): Promise<Answer>
  insert(record: TokenRecord, conditions: Omit<InsertConditions, 'prefixes'>): Promise<InsertOutcome>
  list(query: Omit<TokenQuery, 'prefixes'>): Promise<TokenPage>
  prune(retention: Omit<Retention, 'prefixes'>): Promise<number>
  /** Finds a token in the {@link TokenCache}; in the store if it has none. */
  findCached(owner: string, id: string): Promise<TokenRecord | null>
  readonly cache: GuardedCache | null
  /** `null` if the store has none. */
  readonly feed: ChangeFeed | null
}

/** The part of a cache for verification. */
export interface GuardedCache extends Pick<TokenCache, 'has' | 'find' | 'confirm'> {
  /** Called only if there is `confirm`. */
  isFresh(): boolean
}

/**
 * The same store, as one API sees it: tokens of other prefixes are like unknown ones, in every call. Every failure is a
 * {@link StoreError} with the operation in words and the cause, and every call is published on `tessera:store`.
 *
 * @param prefixes The API's prefixes, the current one first.
 * @param onCall Called at the end of each call, with its failure.
 */
export function guardStore(
  store: TokenStore,
  prefixes: readonly string[],
  onCall: (error: Error | null) => void = () => {},
): GuardedStore {
  const [current = ''] = prefixes
  const cache = ownCache(store)
  const guard = guardWith(current, onCall)

  /** A record of another prefix is passed over, like none. */
  async function own(finding: Promise<TokenRecord | null>): Promise<TokenRecord | null> {
    const record = await finding
    return record !== null && prefixes.includes(record.prefix) ? record : null
  }

  return {
    take: (owner, step) =>
      guard('change', step.operation, () => {
        const { wants, decide } = ofApi(step, prefixes)
        return store.change(owner, wants, decide)
      }),
    insert: (record, { now, activeLimit, idempotency, sealed }) =>
      guard('insert', 'insert a token', () => {
        const request = requestUnder(current, idempotency)
        const conditions = { now, activeLimit, idempotency: request, sealed, prefixes }
        if (store.insert !== undefined) return store.insert(record, conditions)
        // An id is in use if any API has it.
        const { wants, decide } = insert(record, conditions)
        return store.change(record.owner, wants, decide)
      }),
    // The secret begins with one of the prefixes, or nobody looks for it.
    findByDigest: (digests, shard) => guard('findByDigest', FIND, () => store.findByDigest(digests, shard)),
    find: (owner, id) => guard('find', 'find a token', () => own(store.find(owner, id))),
    findById: (id) => guard('findById', 'find a token of any owner', () => own(store.findById(id))),
    findCached: (owner, id) =>
      guard('find', 'find a token', () =>
        own(cache === undefined ? store.find(owner, id) : cache.findToken(owner, id)),
      ),
    list: (query) => guard('list', 'list tokens', () => store.list({ lookAtMost: MOST_LOOKED_AT, ...query, prefixes })),
    recordUse: (uses) => guard('recordUse', 'record the use of tokens', () => store.recordUse(uses)),
    prune: (retention) => guard('prune', 'prune', () => store.prune({ ...retention, prefixes })),
    cache: cache === undefined ? null : guardCache(onCall, cache),
    feed: store.feed === undefined ? null : guardFeed(guard, store.feed),
  }
}

function guardFeed(guard: Guard, feed: ChangeFeed): ChangeFeed {
  return {
    revision: () => guard('revision', FOLLOW, () => feed.revision()),
    changesSince: (revision) => guard('changesSince', FOLLOW, () => feed.changesSince(revision)),
  }
}

function ownCache({ cache, findByDigest }: TokenStore): TokenCache | undefined {
  return (cache?.answersFor ?? findByDigest) === findByDigest ? cache : undefined
}

/** Calls the store: publishes the call, and makes a {@link StoreError} of a failure. */
type Guard = <Answer>(
  operation: keyof TokenStore | keyof ChangeFeed,
  label: string,
  call: () => Promise<Answer>,
) => Promise<Answer>

function guardWith(prefix: string, onCall: (error: Error | null) => void): Guard {
  async function attempt<Answer>(label: string, call: () => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await call()
      onCall(null)
      return answer
    } catch (error) {
      const failure = asStoreError(label, error)
      onCall(failure)
      throw failure
    }
  }

  return (operation, label, call) =>
    isWatched(storeChannel)
      ? trace(storeChannel, { operation, prefix, label }, () => attempt(label, call), done)
      : attempt(label, call)
}

/** Looking into memory is no call of the store; failing to is a failure of it. */
function guardCache(onCall: (error: Error | null) => void, cache: TokenCache): GuardedCache {
  function fail(error: unknown): never {
    const failure = asStoreError(FIND, error)
    onCall(failure)
    throw failure
  }

  const confirm = cache.confirm && sharing(cache.confirm.bind(cache), fail)
  // Written out: one function for all of them would cost each verification a list of its arguments.
  return {
    has(digests) {
      try {
        return cache.has(digests)
      } catch (error) {
        return fail(error)
      }
    },
    find(digests, now) {
      try {
        return cache.find(digests, now)
      } catch (error) {
        return fail(error)
      }
    },
    isFresh() {
      try {
        return cache.isFresh?.() === true
      } catch (error) {
        return fail(error)
      }
    },
    ...(confirm && { confirm }),
  }
}

/** All callers of one reading share its failure. */
function sharing(confirm: () => Promise<void>, fail: (error: unknown) => never): () => Promise<void> {
  let latest: Promise<void> | null = null
  let confirmed = Promise.resolve()
  return () => {
    try {
      const reading = confirm()
      if (reading !== latest) confirmed = reading.catch(fail)
      latest = reading
      return confirmed
    } catch (error) {
      return fail(error)
    }
  }
}
