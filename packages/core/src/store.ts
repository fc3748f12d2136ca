import type { Acceptance } from './accept-token.ts'
import type { TokenQuery, TokenPage } from './query.ts'
import type { Retention } from './retention.ts'
import type { CacheStats } from './stats.ts'
import type {
  BulkRevocation,
  Change,
  ChangeOutcome,
  Edit,
  Idempotency,
  InsertConditions,
  InsertOutcome,
  Repeated,
  Revocation,
  RevokeAllOutcome,
  RotateOutcome,
  Rotation,
  TokenUse,
} from './store-steps.ts'
import type { TokenRecord } from './token.ts'

/**
 * Where tokens live. Each method is one atomic step of the backend; any number of processes may call them at once.
 *
 * Methods are intentions: none rewrites a record from what a caller read before, so recording a use can never undo a
 * concurrent revocation. Instants are epoch milliseconds. A method rejects when the backend did not confirm; it never
 * resolves for a change that may be lost.
 *
 * A step that takes an idempotency key lets the key decide first, see `Repeated`. The claim of the key, with the answer
 * that it keeps, and the step's effect are one: there is never one without the other. A step that is refused leaves its
 * key free. A repeated call of any step is answered as the first, or changes nothing.
 *
 * **Revoked by the clock.** A token that was rotated (`rotatedTo` is set) is revoked from its `overlapEndsAt` on, with
 * that instant as `revokedAt` and `updatedAt` and with reason `rotated`, although nothing was written: see `asOf`. Filters,
 * sorting by status, `prune` and every step below go by the standing at the clock that they are given, while records are
 * handed out as they are kept. "Revoked" below means either. A step that *writes* a revocation never sets it later than
 * the overlap's end: `revokedAt` and `updatedAt` become `overlapEndsAt`, and the reason `rotated`, where `at` is that or
 * later. So the end is the same whoever writes it, and holds for processes whose clocks run behind. Each revocation that
 * is written clears `sealedSuccessor`.
 *
 * **The cap** counts the tokens that are not revoked, not expired at `now`, and were not rotated: a successor takes over
 * the place of its predecessor when it is made.
 */
export interface TokenStore {
  /**
   * Adds a record, every field as given, unless the owner's active tokens already number `activeLimit`. The key decides
   * first, then an id that is taken, then the limit. Rejects for a digest that another token is kept under.
   */
  insert(record: TokenRecord, conditions: InsertConditions): Promise<InsertOutcome>

  /**
   * How an idempotency key that the owner has used for a change of one token decides about an equal or another request,
   * without making any; `null` when it is free at `now`. A key that `revokeAll` used conflicts. An answer that is replayed
   * vouches for the change as the step itself does: what the feed may not have been told of is told before.
   */
  findRequest(
    owner: string,
    request: Idempotency,
    now: number,
  ): Promise<Repeated<{ readonly record: TokenRecord }> | null>

  readonly findByDigest: FindByDigest

  find(owner: string, id: string): Promise<TokenRecord | null>

  /** One owner's records. Unfiltered and sorted by creation, it costs its page and not the owner's total. */
  list(query: TokenQuery): Promise<TokenPage>

  /**
   * Sets `revokedAt`, `revokedReason` and `updatedAt` unless they are written. First revocation wins: revoking again is
   * done and changes nothing. Never answers `not_allowed` or `outdated`.
   */
  revoke(owner: string, id: string, revocation: Revocation): Promise<ChangeOutcome>

  /**
   * Revokes every token of the owner that the selection means and that is not revoked, expired ones too, each as `revoke`
   * does. It may take several bounded steps and is acknowledged when all are made: then every token that it means and whose
   * insert or rotation was acknowledged before the call is revoked. `revoked` counts those that this call revoked; what the
   * clock had revoked by `at` is written, and not counted.
   *
   * The key is claimed before the first token is revoked and given its answer after the last. A request that finds its own
   * claim without an answer carries on, since the one that claimed it may have failed; any other conflicts.
   */
  revokeAll(owner: string, selection: BulkRevocation): Promise<RevokeAllOutcome>

  /**
   * Sets `suspendedAt` unless it is set, and moves `updatedAt` forward to `at` in any case, so that a `resume` asked for
   * earlier comes too late. Not allowed for a revoked token.
   */
  suspend(owner: string, id: string, change: Change): Promise<ChangeOutcome>

  /**
   * Clears `suspendedAt` and sets `updatedAt` if the token is suspended. Not allowed for a revoked token; outdated for one
   * that is suspended and whose `updatedAt` is later than `at`: a resumption that runs late, after its caller gave it up,
   * never undoes a suspension that came after it.
   */
  resume(owner: string, id: string, change: Change): Promise<ChangeOutcome>

  /**
   * Sets name and scopes, and moves `updatedAt` forward to `at`. Not allowed for a revoked token. Where both are so already
   * it is done and changes nothing, whatever the edit goes out from, so that one that is sent again, since its answer was
   * lost, is answered alike. One that would change anything is outdated when the scopes are not those that it goes out
   * from, so that two narrowings at the same time never widen.
   */
  edit(owner: string, id: string, edit: Edit): Promise<ChangeOutcome>

  /**
   * Gives an active token its one successor, whatever the cap. In order: not found, not allowed, already rotated, id taken.
   * Rejects for a digest that another token is kept under.
   *
   * The successor takes over what the token has in this step: owner, name, scopes, createdBy, attributes, expiresAt,
   * networks. `createdAt` and `updatedAt` are `at`, `rotatedFrom` is the token's id, and its `overlapEndsAt` is the
   * token's; all else is `null`.
   *
   * The token gets `rotatedTo`, `overlapEndsAt` (`at + overlapMs`, never later than its `expiresAt`), `sealedSuccessor` and
   * `updatedAt`. With an overlap of 0 it is also revoked at `at`, and the successor's `overlapEndsAt` is `null`.
   *
   * If the token is itself a pending successor (see `completeRotation`), its own predecessor's rotation is completed in the
   * same step.
   */
  rotate(owner: string, id: string, rotation: Rotation): Promise<RotateOutcome>

  /**
   * Ends the overlap before its time, when a successor is used. If the token is pending, that is a successor
   * (`rotatedFrom`) that has none itself (`rotatedTo` is `null`) and whose `overlapEndsAt` is set, its predecessor is
   * revoked with reason `rotated`, unless it was revoked or is gone, and the token's `overlapEndsAt` is cleared. Nothing
   * else about the token changes, whatever its standing.
   *
   * It stays pending until the feed has told of the predecessor, so that a call that failed between is repeated by the next
   * use; the feed then tells of the token itself, whose pending state may be cached.
   *
   * @returns The token after the step; `null` when the owner has none with this id.
   */
  completeRotation(owner: string, id: string, at: number): Promise<TokenRecord | null>

  /**
   * Writes `lastUsedAt` where it moves forward, whatever the status. Unknown tokens are passed over.
   *
   * A use with `extendTo` also moves `expiresAt` forward to that, whether or not `lastUsedAt` moves, of a token that has an
   * `expiresAt` later than `at` and is not revoked at `at`: it never shortens a life, gives none back, and sets no end to a
   * token without. A suspended token is extended. Uses of one token count in their order. From then on everything goes by
   * the new expiry: statuses, the cap, rotations and `prune`.
   *
   * Nothing else changes, and the feed need not tell: who knows an earlier expiry refuses nothing by it before that has
   * passed, and then reads the record anew.
   */
  recordUse(uses: readonly TokenUse[]): Promise<void>

  /** Keeps the token under another digest of the same secret, if it exists. Nothing else changes. */
  rekey(owner: string, id: string, digest: string): Promise<void>

  /**
   * Removes the records that were revoked or had expired before `endedBefore` and not just then, never a live one, and what
   * is kept of idempotency keys that have expired at `now`. The predecessor or the successor of one that is removed stays as
   * it is, with a link that leads nowhere. Rejects, and removes nothing, if `checkRetention` throws; a store that has a clock
   * of its own does so with a `StoreError` `clock_skew` if `now` is well ahead of that.
   *
   * @returns How many records were removed.
   */
  prune(retention: Retention): Promise<number>

  /**
   * Of a store that caches: what `find` answers, as current as `findByDigest` has it. `lastUsedAt` may lag behind, and an
   * `expiresAt` that uses have moved forward, see `recordUse`: nothing by which a token is accepted that may not be used.
   */
  findStanding?(owner: string, id: string): Promise<TokenRecord | null>

  /** Of a store that caches. */
  readonly cacheStats?: () => CacheStats

  /** Absent where the store cannot offer it; then nothing may cache its records and still promise immediate revocation. */
  readonly changes?: ChangeFeed
}

export interface FindByDigest {
  /**
   * The record kept under one of `digests`, read in one step. There are several only while a pepper is being changed,
   * and no two of them belong to different records.
   *
   * @param shard The partition that the secret names; the owner's, see `shardOf`.
   */
  (digests: readonly string[], shard: string): Promise<TokenRecord | null>
  /**
   * Of a store that keeps records in memory. It belongs to the function, so that another one in its place, around it or
   * instead of it, is never passed by.
   */
  readonly held?: Held
}

/** The records that a store holds in memory. */
export interface Held {
  /** Whether there is one under one of `digests`, though it may not count. */
  has(digests: readonly string[]): boolean
  /** The one that is under one of `digests` and counts at `now`. */
  find(digests: readonly string[], now: number): HeldRecord | null
  /** Resolves when what `find` answers from then on counts for who called this; absent where it always does. */
  readonly confirm?: () => Promise<void>
}

/** A record that a store holds in memory. */
export interface HeldRecord {
  readonly record: TokenRecord
  /** Room for what was made of the record by who accepted it. A store makes it `null`, and lets it go with the record. */
  acceptance: Acceptance | null
}

/**
 * Which digests' standing changed: by `revoke`, `revokeAll`, `suspend`, `resume`, `edit`, `rotate` (the token's, and that of
 * the predecessor whose rotation it completes; a new successor's is known to no cache), `completeRotation` (both) and, for
 * the digest left behind, `rekey`.
 *
 * `revokeAll` may tell of the owner instead, in one entry for all the digests of the owner's tokens, also those that they
 * were kept under before: many digests would push every other change out of a bounded log.
 *
 * A change is written to the record first, then to the feed, then acknowledged; one whose feed entry failed is rejected,
 * and repeating it writes the entry again, also when the repeated call is answered `replayed`, `already_rotated` or
 * `not_allowed`. A call that changed nothing need not write one, unless an earlier entry may be missing.
 *
 * Entries become visible in the order of their numbers, and each together with its effect: the revision never shows a number
 * before the entry that it counts can be read, nor before the record shows the change. A reader goes on from the revision that
 * it was brought to and never looks behind it. So a number must not be drawn before the change is sure to be seen before every
 * later one. A sequence of a database breaks this: transactions commit in another order than they draw their numbers.
 */
export interface ChangeFeed {
  /**
   * The newest revision, `<n>-<nonce>`: `n` grows by one with each change, the nonce is random for each change. Where the
   * store may lose what no change tells of, such as a token that was issued, it is another one after that, and of another
   * history.
   */
  revision(): Promise<string>

  /**
   * What changed after `revision`, and the revision that this brings the reader to. `'reset'` when that cannot be told: the revision is malformed, not in the bounded log any more, or of a history that this store does not have.
   */
  changesSince(revision: string): Promise<Changes>
}

export interface Changes {
  readonly revision: string
  readonly digests: readonly string[] | 'reset'
  /** Owners any of whose tokens may have changed. Absent if there are none, and with a reset. */
  readonly owners?: readonly string[]
}
