import type { ActingToken } from '../steps/decision/acting-token.ts'
import type { ContextSource, Origin } from '../token/request-context.ts'
import type { RevocationReason, Token } from '../token/token.ts'
import type { RefusalReason } from '../token/verification.ts'
import type { TokenChanges } from './token-changes.ts'

/** The token of an event, and its owner. */
export interface EventToken {
  readonly owner: string
  readonly tokenId: string
  readonly preview: string
}

/** Who asks for a change, and in which request. */
export interface ActedBy {
  /** The actor, in the app's own words. It is handed on to the events, and not stored. */
  readonly by?: string | null | undefined
  /**
   * The token that the request was made with, of the same owner. The change is made only if that token may be used at
   * that instant: else it throws `actor_refused`, or `insufficient_scope`, and nothing is changed. Left out for people.
   */
  readonly actor?: ActingToken | undefined
  /** The request, for the events. Default only the `ip` of the actor. */
  readonly context?: ContextSource | undefined
}

interface EndedToo {
  /** The ids of the tokens that ended with this one. */
  readonly ended: readonly string[]
}

/** Every event by its type, without the part common to all. */
interface EventFacts {
  /** `issuedBy` is the id of the token that issued it; `null` for a person or the app. */
  readonly issued: EventToken &
    Repeatable &
    HandOut &
    Pick<Token, 'name' | 'scopes' | 'networks' | 'expiresAt' | 'issuedBy'>
  /** It was added with a secret that another system made: `from` is the name of that. */
  readonly imported: EventToken & Pick<Token, 'name' | 'scopes'> & { readonly from: string }
  /** Once from each process: it accepted the token, and knows of no earlier use. */
  readonly first_used: EventToken
  readonly refused: Refusal
  readonly suspended: EventToken & Change
  readonly resumed: EventToken & Change
  readonly edited: EventToken & Change
  readonly revoked: MaybeShown & Change & EndedToo & { readonly reason: RevocationReason }
  readonly revoked_all: Repeatable & Selected & { readonly reason: RevocationReason; readonly count: number }
  /** About the replaced token. */
  readonly rotated: MaybeShown & Repeatable & HandOut & Replacement
  /** A signed access token was derived from the token. */
  readonly exchanged: EventToken & Derivation
  /** A rotated token was used after its time: its secret is in two hands, or somebody missed the rotation. */
  readonly reused_after_rotation: EventToken & Throttled
  /** The token ends within the time asked for, unless somebody acts. */
  readonly expiring: EventToken & Pick<Token, 'name' | 'createdBy' | 'rotatedTo'> & Notice
  readonly limit_reached: { readonly owner: string; readonly limit: number; readonly active: number }
  readonly pruned: { readonly count: number; readonly before: Date }
}

/** The part common to all events. */
interface Common extends Origin {
  readonly at: Date
  /** `null` if nobody said. */
  readonly by: string | null
  /** The id of the token that asked, or whose secret was presented; `null` for a person and for the app. */
  readonly byToken: string | null
}

interface Repeatable {
  /** Whether this answers a request that was carried out before. */
  readonly replayed: boolean
}

interface HandOut {
  /** Whether the answer held the new token's secret. */
  readonly secretShown: boolean
}

interface MaybeShown extends Omit<EventToken, 'preview'> {
  /** `null` for a predecessor that is not at hand: its successor was used, or it was pruned. */
  readonly preview: string | null
}

interface Replacement {
  readonly rotatedTo: string
  /** The end of the replaced token; `null` if it ended at once. */
  readonly overlapEndsAt: Date | null
  /** From the replaced token to its successor. */
  readonly changes: TokenChanges
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

interface Notice {
  /** Exclusive: its end, by its expiry or its overlap. */
  readonly endsAt: Date
  /** The time asked for. A token has one notice for each. */
  readonly withinMs: number
}

interface Throttled {
  /** How many such events of the same token were left out since the last one. */
  readonly omitted: number
}

interface Change extends Repeatable {
  /** `false` if the token was so before, by another command or by one with a lost confirmation. */
  readonly changed: boolean
  readonly changes: TokenChanges
}

/** The conditions of a bulk revocation; `null` for none. */
interface Selected {
  readonly owner: string
  readonly exceptId: string | null
  readonly issuedBefore: Date | null
  readonly lastUsedBefore: Date | null
  readonly scope: string | null
  readonly createdBy: string | null
  readonly issuedBy: string | null
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
  readonly [Type in keyof EventFacts]: { readonly type: Type } & Common & EventFacts[Type]
}[keyof EventFacts]

/** An event without the part common to all. */
export type EventOf<Event extends TokenEvent = TokenEvent> = Event extends unknown ? Omit<Event, keyof Common> : never

/** The actor among the options of a verb. */
export function actorIn({ by, actor, context }: ActedBy): ActedBy {
  return { by, actor, context }
}

export function eventToken({ owner, id, preview }: Pick<Token, 'owner' | 'id' | 'preview'>): EventToken {
  return { owner, tokenId: id, preview }
}
