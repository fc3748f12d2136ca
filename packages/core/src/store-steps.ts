import type { RevocationReason, TokenRecord } from './token.ts'

/** What every step that changes something is told. */
export interface Change {
  /** The caller's clock when it asked. */
  readonly at: number
  /** `null` for a step that may have its effect each time it is asked for. */
  readonly idempotency: Idempotency | null
}

/**
 * A request that must have its effect once, however often it is sent. The keys of one owner are shared by all steps, so a
 * key used for one step conflicts with any other; keys of different owners are different keys.
 */
export interface Idempotency {
  readonly key: string
  /** Equal for equal requests: of the same step, for the same token, with the same wishes. */
  readonly fingerprint: string
  /** Exclusive: from this instant the key is free again. */
  readonly expiresAt: number
  /**
   * How many keys that have not expired the owner may hold, this one included. Expired ones are removed by the steps that
   * use new ones. Left out, there is no limit.
   */
  readonly limit?: number | undefined
}

/**
 * How a key that was used, and has not expired at the step's clock, decides about a step before anything else does. An
 * equal request is answered as the first one was, whatever became of the token since.
 */
export type Repeated<Answer> =
  | ({ readonly outcome: 'replayed' } & Answer)
  /** The key was used with another request. */
  | { readonly outcome: 'idempotency_conflict' }
  /** The key is free, and the owner holds as many others as the request's `limit` allows. Never of `findRequest`. */
  | { readonly outcome: 'idempotency_limit_reached' }

/** What became of a step that changes one token. All but `done` leave everything as it is, and the key free. */
export type ChangeOutcome =
  /** `record` is the token after the step, also where nothing had to be changed. The key is used. */
  | { readonly outcome: 'done'; readonly record: TokenRecord }
  | Repeated<{ readonly record: TokenRecord }>
  /** The owner has no token with this id. */
  | { readonly outcome: 'not_found' }
  /** The token's standing does not allow the step: see each. `record` is as it stands. */
  | { readonly outcome: 'not_allowed'; readonly record: TokenRecord }
  /** The token is no more what the caller took it for: see `resume` and `edit`. `record` is as it stands. */
  | { readonly outcome: 'outdated'; readonly record: TokenRecord }

export interface InsertConditions {
  readonly now: number
  /** `null` for no limit. */
  readonly activeLimit: number | null
  readonly idempotency: Idempotency | null
}

export type InsertOutcome =
  | { readonly outcome: 'inserted' }
  /** `record` is what the first request inserted, as it was then. */
  | Repeated<{ readonly record: TokenRecord }>
  | { readonly outcome: 'limit_reached'; readonly active: number }
  /** The owner has a token with this id. */
  | { readonly outcome: 'id_taken' }

export interface Revocation extends Change {
  readonly reason: RevocationReason
}

/** What a token becomes; `null` leaves it as it is. */
export interface Edit extends Change {
  readonly name: string | null
  /** `from` is what the caller decided by: the token's scopes must be these, in this order, for anything to change. */
  readonly scopes: { readonly from: readonly string[]; readonly to: readonly string[] } | null
}

export interface Rotation extends Change {
  /** How long the token is accepted beside its successor; 0 for not at all. */
  readonly overlapMs: number
  /** What is new about the successor. */
  readonly successor: Pick<TokenRecord, 'id' | 'digest' | 'preview'>
  /** The successor's secret, sealed for whoever holds the token's own; `null` when nobody who asked does. */
  readonly sealedSuccessor: string | null
}

export type RotateOutcome =
  /** The token after the step, and its successor. */
  | { readonly outcome: 'rotated'; readonly record: TokenRecord; readonly successor: TokenRecord }
  /** The token has a successor and is still accepted; `successor` is `null` when that was pruned. */
  | { readonly outcome: 'already_rotated'; readonly record: TokenRecord; readonly successor: TokenRecord | null }
  /** `record` is the successor that the first request made, as it was then. */
  | Repeated<{ readonly record: TokenRecord }>
  | { readonly outcome: 'not_found' }
  /** The token is suspended, expired or revoked. */
  | { readonly outcome: 'not_allowed'; readonly record: TokenRecord }
  /** The owner has a token with the successor's id. */
  | { readonly outcome: 'id_taken' }

/** Which of an owner's tokens: those that meet every condition; `null` asks nothing. */
export interface BulkRevocation extends Revocation {
  readonly exceptId: string | null
  /** Exclusive: created before this instant. */
  readonly issuedBefore: number | null
  /** One of the token's scopes, to the letter. */
  readonly scope: string | null
  /**
   * Exclusive: last used before this instant, or created before it and never used. It is looked at in the same step that
   * revokes the token, so that a use that was recorded before spares it. Left out, it asks nothing.
   */
  readonly lastUsedBefore?: number | undefined
}

export type RevokeAllOutcome =
  | { readonly outcome: 'done'; readonly revoked: number }
  | Repeated<{ readonly revoked: number }>

export interface TokenUse {
  readonly owner: string
  readonly id: string
  readonly at: number
  /** Until when the use extends the token, see `recordUse`; left out where it does not. */
  readonly extendTo?: number | undefined
}
