import type { Decision, Seen, Wants } from '../steps/decision/decision.ts'
import type { InsertConditions, InsertOutcome } from '../steps/insert.ts'
import type { TokenUse } from '../steps/use.ts'
import type { TokenRecord } from '../token/token.ts'
import type { CacheStats } from './cache-stats.ts'
import type { TokenQuery, TokenPage } from './query.ts'
import type { Retention } from './retention.ts'

/**
 * Keeps tokens. Core decides, a store executes: it knows an owner, an id, a digest, instants and links, and no rule.
 * Any number of processes may call it at once. Instants are epoch milliseconds. A method rejects if the backend did not
 * confirm; it never resolves for a change that may be lost.
 */
export interface TokenStore {
  /**
   * One atomic step of one owner. Shows the wanted data to `decide`, and writes its decision if nothing shown has
   * changed meanwhile: the records, their neighbours, the kept answer, the count, and everything missing. Else it shows
   * again. `add` rejects for an id or a digest in use.
   *
   * The order is: write, announce, acknowledge. After a failure in between, the announcement is owed: the next step
   * shown the same token makes it, whatever its own decision. A store with leases waits before it acknowledges, see
   * {@link ChangeFeed}
   */
  change<Answer>(owner: string, wants: Wants, decide: (seen: Seen) => Decision<Answer>): Promise<Answer>

  /**
   * The record under one of `digests`, read in one step. There are several while a pepper changes, and no two of these
   * belong to different records. For a secret of another system there are more: then any of their records will do.
   *
   * @param shard The partition named by the secret: the owner's, see `shardOf`.
   */
  findByDigest(digests: readonly string[], shard: string): Promise<TokenRecord | null>

  find(owner: string, id: string): Promise<TokenRecord | null>

  /**
   * The record of any owner with this id. For operators: it need not have an index, and may cost a look at every owner.
   */
  findById(id: string): Promise<TokenRecord | null>

  /** One owner's records of some prefixes. Unfiltered and sorted by creation, a page of one prefix reads only its own rows. */
  list(query: TokenQuery): Promise<TokenPage>

  /** Applies `used` to each token's record, in the order of the uses. Passes over unknown tokens, and announces nothing. */
  recordUse(uses: readonly TokenUse[]): Promise<void>

  /**
   * Removes records of some prefixes ended before `endedBefore`, see `endedAt`, and all idempotency keys expired at `now`.
   * Each record is looked at again in the step of its removal. Links to it stay. Rejects, and removes nothing, if `checkRetention` throws. A store
   * with a clock of its own rejects as `clock_skew` if `now` is well ahead of that.
   *
   * @returns How many records were removed.
   */
  prune(retention: Retention): Promise<number>

  /** The step `insert` in one trip. Optional: without it, `change` takes the step. */
  insert?(record: TokenRecord, conditions: InsertConditions): Promise<InsertOutcome>

  /**
   * Resolves if the store can serve: it is reached and set up as it must be. Its error says what to change. For the start of
   * an app.
   */
  ready?(): Promise<void>

  /** Absent if the store has none; then nothing may cache its records and still promise immediate revocation. */
  readonly feed?: ChangeFeed

  /** Only if the store keeps records in memory. Verification reads it first. */
  readonly cache?: TokenCache
}

/** A store's records in memory. */
export interface TokenCache {
  /** The `findByDigest` that it stands for. In a store with another one, such as a wrapper, the cache is passed over. */
  readonly answersFor?: TokenStore['findByDigest']
  /** Whether a record is cached under one of `digests`, up to date or not. */
  has(digests: readonly string[]): boolean
  /** The record cached under one of `digests`, if it is up to date at `now`. */
  find(digests: readonly string[], now: number): CachedRecord | null
  /** Resolves once the cache is up to date for this caller. Absent if it always is. */
  readonly confirm?: () => Promise<void>
  /** Whether the cache is up to date in this turn for whoever asks, so that nobody need wait. Absent if that is never known. */
  readonly isFresh?: () => boolean
  /**
   * Answers as `find` of the store, as up to date as `findByDigest`. `lastUsedAt` may lag behind, and an `expiresAt`
   * moved by uses.
   */
  findToken(owner: string, id: string): Promise<TokenRecord | null>
  readonly stats?: () => CacheStats
}

/** A record in memory. */
export interface CachedRecord {
  readonly record: TokenRecord
  /** Room for the verifier's own notes. A store makes it `null`, and drops it with the record. */
  memo: unknown
}

/**
 * Announces whose tokens changed, in the order of its revisions.
 *
 * Entries become visible in the order of their numbers, and each together with its effect: no revision shows a number
 * before its entry can be read, nor before the record shows the change. A reader goes on from its last revision, and
 * never looks behind it. A sequence of a database breaks this: transactions commit in another order than they draw
 * their numbers.
 */
export interface ChangeFeed {
  /**
   * The newest revision, `<n>-<nonce>`: `n` grows by one with each entry, the nonce is random for each. It differs also
   * after the store lost data without an entry, such as a new token: then its history is another one.
   */
  revision(): Promise<string>

  /**
   * The changes after `revision`, and the reader's next revision. `'reset'` if they are unknown: the revision is
   * malformed, not in the bounded log any more, or of another history.
   */
  changesSince(revision: string): Promise<Changes>

  /**
   * Answers as `changesSince`, with the length of a lease, both of one instant and in one command. A cache then answers
   * from memory for {@link COUNTED_SHARE} of it, from before it asked. Absent if the store was built without a length.
   *
   * The store keeps the longest length beside the feed, and never lowers it. Each announcement reads it in its own step,
   * and writes a longer one of its own there. The change is acknowledged 1.1 lengths after the reply, see `createLeases`.
   * A writer without leases must fail to announce, or wait as well.
   */
  leasedChangesSince?(revision: string): Promise<LeasedChanges>
}

export interface Changes {
  readonly revision: string
  readonly digests: readonly string[] | 'reset'
  /** Any tokens of these owners may have changed. */
  readonly owners?: readonly string[]
}

export interface LeasedChanges extends Changes {
  /** The length kept beside the feed, in milliseconds; 0 if none is kept. */
  readonly leaseMs: number
}
