import type { TokenRecord } from '../token/token.ts'
import type { Decision, Idempotency, Seen, Step } from './decision/decision.ts'
import { announcedAgain, keeping, repeatedForToken, wanting } from './decision/idempotent-request.ts'
import type { Repeated } from './decision/idempotent-request.ts'

/** The part of a request common to all changes. */
export interface Change {
  /** The caller's clock at the time of the request, in epoch milliseconds. */
  readonly at: number
  /** `null` without a key: the step takes effect each time. */
  readonly idempotency: Idempotency | null
}

/** The outcome of a change of one token. All but `done` leave everything as it is, and the key free. */
export type ChangeOutcome = UnrefusedOutcome | NotAllowed

/** The outcomes of a change by a rule without refusals. */
export type UnrefusedOutcome =
  /** `record` is the token after the step, also if nothing had to be changed. */
  | { readonly outcome: 'done'; readonly record: TokenRecord }
  | Repeated<{ readonly record: TokenRecord }>
  /** The owner has no token with this id. */
  | { readonly outcome: 'not_found' }

/** The token's status does not allow the step. */
export interface NotAllowed {
  readonly outcome: 'not_allowed'
  readonly record: TokenRecord
}

/** A refusal of a rule's own. */
interface Refusal {
  readonly outcome: string
}

/** A rule of a token's life, with its own refusals. */
interface Rule<Refused extends Refusal> {
  readonly operation: string
  /** Returns the later state of a record, the same record if there is nothing to change, or a refusal. */
  readonly apply: (record: TokenRecord) => TokenRecord | Refused
}

/**
 * A change of one token by a rule. In this order: the key decides, the token must exist, the rule decides.
 *
 * An unchanged token is announced again, also for an equal request: an earlier call may have changed it and failed before the
 * announcement, or before its acknowledgement.
 */
export function changeOne<Refused extends Refusal>(
  id: string,
  { at, idempotency }: Change,
  { operation, apply }: Rule<Refused>,
): Step<UnrefusedOutcome | Refused> {
  return {
    operation,
    wants: wanting([id], idempotency, at),
    decide(seen: Seen): Decision<UnrefusedOutcome | Refused> {
      const repeated = repeatedForToken(seen, idempotency, at)
      if (repeated !== null) return { answer: repeated, ...announcedAgain(repeated, seen) }
      const former = seen.records.get(id)
      if (former === undefined) return { answer: { outcome: 'not_found' } }
      const ruled = apply(former)
      if ('outcome' in ruled) return { answer: ruled }
      return {
        answer: { outcome: 'done', record: ruled },
        ...(ruled !== former && { put: [ruled] }),
        announce: [former.digest],
        ...keeping(seen, idempotency, at, { record: ruled }),
      }
    },
  }
}
