import type { RefusalReason } from './verification.ts'

/**
 * An error that `instanceof` tells by the `brand` of its class. A bundle or a tree of packages may hold two copies of one
 * package, and each copy has classes of its own. A subclass without a brand is told by its class, as usual.
 */
export abstract class BrandedError extends Error {
  /** The same symbol in every copy: `Symbol.for(…)`. */
  declare static readonly brand?: symbol

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!Object.hasOwn(this, 'brand')) return super[Symbol.hasInstance](value)
    return value instanceof Error && (value.constructor as typeof BrandedError).brand === this.brand
  }
}

/** Why a command could not be carried out. Codes never change. */
export type TokenErrorCode =
  | 'invalid_parameter' // `details.parameter` is missing or wrong; the message says what would be right
  | 'insufficient_scope' // whoever issues or edits may not grant `details.scopes`
  | 'forbidden' // the app's own rule, such as `mayRevoke`, does not allow it
  | 'actor_refused' // the token that asks may not be used any more: `details.reason`. Nothing was changed
  | 'beyond_ceiling' // a rotated token has more networks than whoever rotates it, or ends later: see `details.parameter`
  | 'token_not_found' // no such id, or another owner's: both look the same
  | 'active_limit_reached' // the owner already holds `details.limit` active tokens
  | 'idempotency_conflict' // the idempotency key was used with another request
  | 'idempotency_limit_reached' // the owner holds `details.limit` idempotency keys of the last 24 hours, as many as it may
  | 'invalid_transition' // the token's status does not allow the change: a revoked token cannot be resumed
  | 'no_use_recorded' // nobody's use of a token of this owner was ever recorded, so none can be called unused

export interface TokenErrorDetails {
  readonly parameter?: string
  /** The rule of the parameter: the words to complete "must be …". */
  readonly right?: string
  readonly scopes?: readonly string[]
  readonly limit?: number
  readonly active?: number
  /** Why `verify` would refuse the token. For logs: whoever presents a token is not told. */
  readonly reason?: RefusalReason
  /** The id of the successor. */
  readonly rotatedTo?: string
}

/** Thrown if a command cannot be carried out. Match on `code`; `message` is for people and may change. */
export class TokenError extends BrandedError {
  static override readonly brand: symbol = Symbol.for('tessera.TokenError')
  override readonly name = 'TokenError'
  readonly code: TokenErrorCode
  readonly details: TokenErrorDetails

  constructor(code: TokenErrorCode, message: string, details: TokenErrorDetails = {}) {
    super(message)
    this.code = code
    this.details = details
  }
}

/** A wrong argument; `right` completes the sentence "`parameter` must be …". */
export function invalidParameter(parameter: string, right: string): TokenError {
  return new TokenError('invalid_parameter', `${parameter} must be ${right}`, { parameter, right })
}

/** Why the store failed. Codes never change. */
export type StoreErrorCode =
  | 'store_unavailable' // it did not answer, or did not confirm: a change may or may not have been made
  | 'clock_skew' // the clock of this process runs too far ahead of the store's: nothing was removed or revoked
  | 'store_full' // it has no room: nothing was added

/**
 * Thrown if the store did not answer, or did not confirm a change. Repeating the command is safe. `cause` is the
 * store's own error.
 */
export class StoreError extends BrandedError {
  static override readonly brand: symbol = Symbol.for('tessera.StoreError')
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(operation: string, cause: unknown, code: StoreErrorCode = 'store_unavailable') {
    super(`the token store failed to ${operation}: ${cause instanceof Error ? cause.message : 'unknown cause'}`, {
      cause,
    })
    this.code = code
  }
}

/** The same error if it is one of the store, else one with it as its cause. */
export function asStoreError(operation: string, error: unknown): StoreError {
  return error instanceof StoreError ? error : new StoreError(operation, error)
}
