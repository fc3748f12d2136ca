import type { Acceptance } from './accept-token.ts'
import type { TokenQuery, TokenPage } from './query.ts'
import type { CacheStats } from './stats.ts'
import type { TokenRecord } from './token.ts'

/**
 * Where tokens live. Each method is one atomic step of the backend; any number of processes may call them at once.
 *
 * Methods are intentions: none rewrites a record from what a caller read before, so recording a use can never undo a
 * concurrent revocation. Instants are epoch milliseconds. A method rejects when the backend did not confirm; it never
 * resolves for a change that may be lost.
 */
export interface TokenStore {
  /**
   * Adds a record, unless the owner's active tokens (not revoked, not expired at `now`) already number `activeLimit`.
   * An idempotency key that the owner has used and that has not expired decides first, then an id that is taken, then the
   * limit. An insert that is refused leaves its key free. Rejects for a digest that another token is kept under.
   */
  insert(record: TokenRecord, conditions: InsertConditions): Promise<InsertOutcome>

  /**
   * The record kept under one of `digests`, read in one step. There are several only while a pepper is being changed,
   * and no two of them belong to different records.
   *
   * @param shard The partition that the secret names; the owner's, see `shardOf`.
   */
  findByDigest(digests: readonly string[], shard: string): Promise<TokenRecord | null>

  /**
   * Of a store that keeps records in memory: what it holds under one of `digests`, without reading records elsewhere. At
   * once where that counts at `now`; else a promise, which is `null` when it turns out not to count.
   */
  readonly findHeld?: (digests: readonly string[], now: number) => HeldRecord | Promise<HeldRecord | null> | null

  find(owner: string, id: string): Promise<TokenRecord | null>

  /** One owner's records. Unfiltered and sorted by creation, it costs its page and not the owner's total. */
  list(query: TokenQuery): Promise<TokenPage>

  /**
   * Sets `revokedAt` and `updatedAt` if the token is not revoked. First revocation wins: revoking again changes nothing.
   *
   * @returns The record after the step, or `null` when the owner has no such token.
   */
  revoke(owner: string, id: string, at: number): Promise<TokenRecord | null>

  /** Sets `suspendedAt` and `updatedAt` unless the token is revoked or suspended. Answers like `revoke`. */
  suspend(owner: string, id: string, at: number): Promise<TokenRecord | null>

  /** Clears `suspendedAt` and sets `updatedAt` if the token is suspended and not revoked. Answers like `revoke`. */
  resume(owner: string, id: string, at: number): Promise<TokenRecord | null>

  /** Writes `lastUsedAt` where it moves forward, and nothing else, whatever the status. Unknown tokens are passed over. */
  recordUse(uses: readonly TokenUse[]): Promise<void>

  /** Keeps the token under another digest of the same secret, if it exists. Nothing else changes. */
  rekey(owner: string, id: string, digest: string): Promise<void>

  /**
   * Removes the records that were revoked or had expired before `before` and not just then, never a live one, and what is
   * kept of idempotency keys that had expired by then.
   *
   * @returns How many records were removed.
   */
  prune(before: number): Promise<number>

  /**
   * Of a store that caches: what `find` answers, as current as `findByDigest` has it. `lastUsedAt` may lag behind, and
   * with it nothing that decides whether the token may be used.
   */
  findStanding?(owner: string, id: string): Promise<TokenRecord | null>

  /** Of a store that caches. */
  readonly cacheStats?: () => CacheStats

  /** Absent where the store cannot offer it; then nothing may cache its records and still promise immediate revocation. */
  readonly changes?: ChangeFeed
}

/** A record that a store holds in memory. */
export interface HeldRecord {
  readonly record: TokenRecord
  /** Room for what was made of the record by who accepted it. A store makes it `null`, and lets it go with the record. */
  acceptance: Acceptance | null
}

/**
 * Which digests' standing changed: by `revoke`, `suspend`, `resume` and, for the digest left behind, `rekey`. A change is
 * written to the record first, then to the feed, then acknowledged; one whose feed entry failed is rejected, and repeating
 * it writes the entry again. A call that changed nothing need not write one, unless an earlier entry may be missing.
 */
export interface ChangeFeed {
  /** The newest revision, `<n>-<nonce>`: `n` grows by one with each change, the nonce is random for each change. */
  revision(): Promise<string>

  /**
   * The digests changed after `revision`, and the revision that this brings the reader to. `'reset'` when that cannot be
   * told: the revision is malformed, not in the bounded log any more, or of a history that this store does not have.
   */
  changesSince(revision: string): Promise<Changes>
}

export interface Changes {
  readonly revision: string
  readonly digests: readonly string[] | 'reset'
}

export interface InsertConditions {
  readonly now: number
  /** `null` for no limit. */
  readonly activeLimit: number | null
  readonly idempotency: Idempotency | null
}

/** A request that must have its effect once, however often it is sent. Keys of different owners are different keys. */
export interface Idempotency {
  readonly key: string
  /** Equal for equal requests. */
  readonly fingerprint: string
  /** Exclusive: from this instant the key is free again. */
  readonly expiresAt: number
}

export type InsertOutcome =
  | { readonly outcome: 'inserted' }
  /** The key was used with an equal request; `record` is what that request inserted, as it was then, also when the token is gone. */
  | { readonly outcome: 'replayed'; readonly record: TokenRecord }
  | { readonly outcome: 'idempotency_conflict' }
  | { readonly outcome: 'limit_reached'; readonly active: number }
  /** The owner has a token with this id. */
  | { readonly outcome: 'id_taken' }

export interface TokenUse {
  readonly owner: string
  readonly id: string
  readonly at: number
}
