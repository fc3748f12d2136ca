import type { TokenRecord } from '../../token/token.ts'

/** The data needed for a decision. */
export interface Wants {
  /** Ids of the owner's tokens. Each is shown with its neighbours by rotation: its predecessor and its successor. */
  readonly ids: readonly string[]
  /** An idempotency key of the owner; `null` for none. */
  readonly key: string | null
  /**
   * Asks how many keys of the owner have not expired at this instant, in epoch milliseconds. Counted are those of the
   * same prefix as `key`, see `prefixOfKey`.
   */
  readonly keysAt?: number
  /** Asks how many of the owner's tokens are active at an instant, of some prefixes: see `countsUntil`. */
  readonly active?: ActiveCount
  /** The decision writes nothing. So a store may show without a lock, and without a turn behind changes. */
  readonly readOnly?: true
  /**
   * No answer rests on the announcement: the tokens stay as active as they were, or a later step of the same call
   * announces again. So a store with leases does not wait after it.
   */
  readonly unacknowledged?: true
}

export interface ActiveCount {
  /** In epoch milliseconds. */
  readonly at: number
  /** Only tokens of these prefixes count. */
  readonly prefixes: readonly string[]
}

/** The data shown by a store, all of it as of one instant. */
export interface Seen {
  /** By id. Tokens of other owners are missing, like unknown ones. Core passes over tokens of other prefixes. */
  readonly records: ReadonlyMap<string, TokenRecord>
  /** The request kept under the key, expired or not; `null` for none. */
  readonly kept: Kept | null
  /** How many tokens are active; `null` if nobody asked. */
  readonly active: number | null
  /** How many keys have not expired; `null` if nobody asked. */
  readonly keys: number | null
  /**
   * The latest allowed instant of a caller's clock, by the store's own; absent if the store has none, or for a step that
   * wants tokens only.
   */
  readonly latest?: number
}

/**
 * A request with one effect, however often it is sent. All steps share one owner's keys: a key used for one step
 * conflicts with any other. Keys of different owners are different keys.
 */
export interface Idempotency {
  /** It begins with the prefix of its API, see `keyUnder`. */
  readonly key: string
  /** Equal for equal requests: of the same step, for the same token, with the same parameters. */
  readonly fingerprint: string
  /** Exclusive: from this instant the key is free again. */
  readonly expiresAt: number
  /**
   * The number of keys of its prefix the owner may have that have not expired, this one included. Left out, there is no
   * limit.
   */
  readonly limit?: number | undefined
}

/** A request after it took effect, with the answer for equal ones. */
export interface Kept extends Idempotency {
  readonly answer: KeptAnswer
}

/** A token as it was then, or how many were revoked; `null` as long as a bulk revocation goes on. */
export type KeptAnswer = MadeToken | { readonly revoked: number } | null

export interface MadeToken {
  readonly record: TokenRecord
  /** The secret of a new token, sealed under that of the token that asked: one line of ASCII; absent if it was not sealed. */
  readonly sealed?: string | undefined
}

/** The changes to write, and the answer once they are written. */
export interface Decision<Answer> {
  readonly answer: Answer
  /** Later states of shown records. */
  readonly put?: readonly TokenRecord[]
  /** New records. Their ids were among the wanted ones and were not shown. */
  readonly add?: readonly TokenRecord[]
  /** The request to keep under the wanted key. A new one must be below its `limit`, as an added id must be free. */
  readonly keep?: Kept
  /** Announced by the change feed before the answer is acknowledged. */
  readonly announce?: Announcement
}

/** Changed tokens: some by their digests, or any of the owner's. */
export type Announcement = readonly string[] | 'owner'

/** One atomic change of one owner's tokens, for a store to carry out. `decide` is pure, and may be called again. */
export interface Step<Answer> {
  /** Names the step in errors and logs: `revoke a token`. */
  readonly operation: string
  readonly wants: Wants
  readonly decide: (seen: Seen) => Decision<Answer>
}
