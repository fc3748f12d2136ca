import type { RevocationReason, Token } from './token.ts'
import type { RefusalReason } from './verify-token.ts'

/** Which token an event is about, and whose it is. */
export interface EventToken {
  readonly owner: string
  readonly tokenId: string
  readonly preview: string
}

/** Who does something, in the app's own words. It is handed on to the events, and not stored. */
export interface ActedBy {
  readonly by?: string | null | undefined
}

/** Every event by its type, without the `type` and the `at` that all of them have. */
interface EventFacts {
  readonly issued: EventToken & Actor & Repeatable
  /** Told by each process that accepts the token while the store does not know of a use yet, once by each. */
  readonly first_used: EventToken
  readonly refused: Refusal
  readonly suspended: EventToken & Actor & Change
  readonly resumed: EventToken & Actor & Change
  readonly edited: EventToken & Actor & Change
  readonly revoked: Omit<EventToken, 'preview'> & Actor & Change & Revocation
  readonly revoked_all: Actor &
    Repeatable & { readonly owner: string; readonly reason: RevocationReason; readonly count: number }
  /** Of the token that was replaced. */
  readonly rotated: EventToken & Actor & { readonly rotatedTo: string }
  /** A token that was rotated was used after its time: its secret is in two hands, or somebody missed the rotation. */
  readonly reused_after_rotation: EventToken & Throttled
  readonly limit_reached: Actor & { readonly owner: string; readonly limit: number; readonly active: number }
  readonly pruned: { readonly count: number; readonly before: Date }
}

interface Actor {
  /** `null` where nobody said. */
  readonly by: string | null
}

interface Repeatable {
  /** Whether this is the answer to a request that was carried out before. */
  readonly replayed: boolean
}

interface Revocation {
  /** `null` where the first use of a successor revoked it. */
  readonly preview: string | null
  readonly reason: RevocationReason
}

interface Throttled {
  /** How many such were left out since the last one that was told. */
  readonly omitted: number
}

interface Change {
  /** `false` when the token was so before, by another command or by one whose confirmation was lost. */
  readonly changed: boolean
}

/** The token is known where the secret was that of one. */
interface Refusal extends Record<keyof EventToken, string | null>, Throttled {
  readonly reason: RefusalReason
}

/**
 * What matters to whoever has to account for it later. It never holds a secret or a digest. A command is told each time
 * that it is confirmed, also when it had been carried out before: rather twice than never.
 */
export type TokenEvent = {
  readonly [Type in keyof EventFacts]: { readonly type: Type; readonly at: Date } & EventFacts[Type]
}[keyof EventFacts]

export function eventToken({ owner, id, preview }: Pick<Token, 'owner' | 'id' | 'preview'>): EventToken {
  return { owner, tokenId: id, preview }
}
