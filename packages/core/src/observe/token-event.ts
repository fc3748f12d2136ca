import type { ActingToken } from '../steps/decision/acting-token.ts'
import type { RevocationReason, Token } from '../token/token.ts'
import type { RefusalReason } from '../token/verification.ts'

/** The token of an event, and its owner. */
export interface EventToken {
  readonly owner: string
  readonly tokenId: string
  readonly preview: string
}

/** Who asks for a change. */
export interface ActedBy {
  /** The actor, in the app's own words. It is handed on to the events, and not stored. */
  readonly by?: string | null | undefined
  /**
   * The token that the request was made with, of the same owner. The change is made only if that token may be used at
   * that instant: else it throws `actor_refused`, or `insufficient_scope`, and nothing is changed. Left out for people.
   */
  readonly actor?: ActingToken | undefined
}

/** Every event by its type, without the common `type` and `at`. */
interface EventFacts {
  readonly issued: EventToken & Actor & Repeatable
  /** Once from each process: it accepted the token, and knows of no earlier use. */
  readonly first_used: EventToken
  readonly refused: Refusal
  readonly suspended: EventToken & Actor & Change
  readonly resumed: EventToken & Actor & Change
  readonly edited: EventToken & Actor & Change
  readonly revoked: Omit<EventToken, 'preview'> & Actor & Change & Revocation
  readonly revoked_all: Actor &
    Repeatable & { readonly owner: string; readonly reason: RevocationReason; readonly count: number }
  /** About the replaced token. */
  readonly rotated: EventToken & Actor & { readonly rotatedTo: string }
  /** A signed access token was derived from the token. */
  readonly exchanged: EventToken & Actor & Derivation
  /** A rotated token was used after its time: its secret is in two hands, or somebody missed the rotation. */
  readonly reused_after_rotation: EventToken & Throttled
  readonly limit_reached: Actor & { readonly owner: string; readonly limit: number; readonly active: number }
  readonly pruned: { readonly count: number; readonly before: Date }
}

interface Actor {
  /** `null` if nobody said. */
  readonly by: string | null
}

interface Repeatable {
  /** Whether this answers a request that was carried out before. */
  readonly replayed: boolean
}

interface Revocation {
  /** `null` if the first use of a successor revoked it. */
  readonly preview: string | null
  readonly reason: RevocationReason
}

/** A credential derived from a token, such as a signed access token. */
export interface Derivation {
  /** Its id: the claim `jti`. */
  readonly accessTokenId: string
  readonly scopes: readonly string[]
  /** The API that accepts it. */
  readonly audience: string
  /** Exclusive: its end, unless the token ends before and is checked. */
  readonly until: Date
}

interface Throttled {
  /** How many such events were left out since the last one. */
  readonly omitted: number
}

interface Change {
  /** `false` if the token was so before, by another command or by one with a lost confirmation. */
  readonly changed: boolean
}

/** The token is known if the secret was a token's. */
interface Refusal extends Record<keyof EventToken, string | null>, Throttled {
  readonly reason: RefusalReason
}

/**
 * An event for the audit. It never contains a secret or a digest. A command has an event each time it is confirmed, also if
 * it had been carried out before: rather twice than never.
 */
export type TokenEvent = {
  readonly [Type in keyof EventFacts]: { readonly type: Type; readonly at: Date } & EventFacts[Type]
}[keyof EventFacts]

export function eventToken({ owner, id, preview }: Pick<Token, 'owner' | 'id' | 'preview'>): EventToken {
  return { owner, tokenId: id, preview }
}
