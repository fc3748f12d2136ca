import { endsAt } from '@tessera/core'
import type { Token, TokenAttributes } from '@tessera/core'

/** The caller, as authenticated by the app: a verified `Token`, or a person who signed in. */
export interface Caller {
  /**
   * The token's id, if the caller is a token of this owner. Every change is made only if that token may be used at that
   * instant, whenever its request began. It may rotate itself with its own secret. An edit of itself only narrows.
   * Left out for people, and for credentials of another kind.
   */
  readonly id?: string
  /** The owner of the managed tokens. */
  readonly owner: Token['owner']
  /**
   * What the caller may do, and so the widest scopes of its tokens: a person's rights, or a token's scopes. `null` stands for
   * everything. Such a caller can issue tokens with every scope there is.
   */
  readonly scopes: readonly string[] | null
  /** The networks of the calling token, and so the widest ones of its tokens. Default any. */
  readonly networks?: readonly string[] | null
  /** Kept with the tokens issued by this caller, and reported in events as `by`. */
  readonly createdBy?: string | null
  /** The end of the caller's credential, and so of the tokens issued with it. Default never. */
  readonly expiresAt?: Date | null
  /** The successor of the calling token. With one, the caller ends with the overlap. */
  readonly rotatedTo?: string | null
  readonly overlapEndsAt?: Date | null
  /**
   * The end of the presented credential, if it is derived from the calling token and not the token itself: a signed access
   * token. Every change is made only before it, whenever its request began.
   */
  readonly credentialEndsAt?: Date | null
  /** Kept with the tokens issued by this caller. */
  readonly attributes?: TokenAttributes
}

/**
 * Finds the person who signed in, by a session of the app. It may throw a `Problem`, to be worded by the dialect.
 *
 * @returns `null`, `undefined` or `false` for nobody.
 */
export type FindCaller = () => MaybeCaller | Promise<MaybeCaller>

export type MaybeCaller = Caller | null | undefined | false

/** The end of the caller's credential by the clock alone: at its expiry, or at the end of its overlap. `null` for never. */
export function endOfCaller({ expiresAt = null, rotatedTo = null, overlapEndsAt = null }: Caller): Date | null {
  return rotatedTo === null ? expiresAt : endsAt({ expiresAt, rotatedTo, overlapEndsAt })
}
