import type { TokenRecord } from '../token/token.ts'
import { isBelowLimit } from './decision/active-limit.ts'
import type { Decision, Idempotency, MadeToken, Seen, Step } from './decision/decision.ts'
import { keeping, madeToken, repeatedForToken, wanting } from './decision/idempotent-request.ts'
import type { Repeated } from './decision/idempotent-request.ts'

export interface InsertConditions {
  /** The caller's clock, in epoch milliseconds. */
  readonly now: number
  /** `null` for no limit. */
  readonly activeLimit: number | null
  readonly idempotency: Idempotency | null
  /** Kept beside the record under the key, see {@link MadeToken}. */
  readonly sealed?: string | undefined
  /** The prefixes of the tokens that count towards the limit. Left out, the record's own. */
  readonly prefixes?: readonly string[] | undefined
}

export type InsertOutcome =
  | { readonly outcome: 'inserted' }
  /** `record` is the first request's record, as it was then. */
  | Repeated<MadeToken>
  | { readonly outcome: 'limit_reached'; readonly active: number }
  /** The owner has a token with this id. */
  | { readonly outcome: 'id_taken' }

/** Adds a record as given. In this order: the key decides, the id must be free, the owner must be below the limit. */
export function insert(
  record: TokenRecord,
  { now, activeLimit, idempotency, sealed, prefixes = [record.prefix] }: InsertConditions,
): Step<InsertOutcome> {
  const wants = wanting([record.id], idempotency, now)
  return {
    operation: 'insert a token',
    wants: activeLimit === null ? wants : { ...wants, active: { at: now, prefixes } },
    decide(seen: Seen): Decision<InsertOutcome> {
      const { records, active } = seen
      const repeated = repeatedForToken(seen, idempotency, now)
      if (repeated !== null) return { answer: repeated }
      if (records.has(record.id)) return { answer: { outcome: 'id_taken' } }
      if (!isBelowLimit(active, activeLimit)) return { answer: { outcome: 'limit_reached', active: active ?? 0 } }
      return {
        answer: { outcome: 'inserted' },
        add: [record],
        ...keeping(seen, idempotency, now, madeToken(record, sealed)),
      }
    },
  }
}

/** Answers a repeated request, and changes nothing. For a request to be refused if it is new. */
export function findRepeated(request: Idempotency, now: number): Step<Repeated<MadeToken> | null> {
  return {
    operation: 'find a request',
    wants: { ids: [], key: request.key },
    decide: (seen) => ({ answer: repeatedForToken(seen, request, now) }),
  }
}
