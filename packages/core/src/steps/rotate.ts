import type { ScopeRules } from '../token/scope.ts'
import { expiryIn, isPendingSuccessor, statusOf } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import { TokenError } from '../token/errors.ts'
import type { Change } from './change-one.ts'
import { beyond, under } from './decision/ceiling.ts'
import type { BeyondCeiling, Ceiling } from './decision/ceiling.ts'
import type { Decision, Seen, Step } from './decision/decision.ts'
import { keeping, repeatedForToken, wantingKey } from './decision/idempotent-request.ts'
import type { Repeated } from './decision/idempotent-request.ts'
import { inheritedFrom } from './inherit.ts'
import type { Inherited, Renewal } from './inherit.ts'
import { revoked } from './revoke.ts'

export interface Rotation extends Change {
  /** How long the token is accepted beside its successor, in milliseconds; 0 for not at all. */
  readonly overlapMs: number
  readonly successor: Pick<TokenRecord, 'id' | 'digest' | 'prefix' | 'preview'>
  /** The successor's secret, sealed under the token's own; `null` if the caller does not have the token's. */
  readonly sealedSuccessor: string | null
  /** Left out, the successor has all that the token has, whatever the rules are today. */
  readonly renewal?: Renewal | undefined
  /** The most that whoever gets the successor's secret may give away. Left out, it is the token's own holder. */
  readonly ceilings?: readonly Ceiling[] | undefined
  readonly rules?: ScopeRules | undefined
}

export type RotateOutcome =
  /** The token after the step, and its successor. */
  | { readonly outcome: 'rotated'; readonly record: TokenRecord; readonly successor: TokenRecord }
  /** The token has a successor and is still accepted; `successor` is `null` if it was pruned. */
  | { readonly outcome: 'already_rotated'; readonly record: TokenRecord; readonly successor: TokenRecord | null }
  /** `record` is the successor made by the first request, as it was then. */
  | Repeated<{ readonly record: TokenRecord }>
  | { readonly outcome: 'not_found' }
  /** The token is suspended, expired or revoked. */
  | { readonly outcome: 'not_allowed'; readonly record: TokenRecord }
  /** The successor would be against the rules of today, or against the request's own. */
  | { readonly outcome: 'against_rules'; readonly error: TokenError }
  /** The owner has a token with the successor's id. */
  | { readonly outcome: 'id_taken' }
  | BeyondCeiling

/**
 * Gives an active token its one successor, whatever the limit of active tokens: the successor takes over the place. A
 * token above a ceiling stays as it is, also if it is not active.
 *
 * With an overlap of 0 the token is revoked at once. If the token is a pending successor itself, its predecessor is
 * revoked in the same step.
 */
export function rotate(id: string, rotation: Rotation): Step<RotateOutcome> {
  const { at, idempotency, successor } = rotation
  return {
    operation: 'rotate a token',
    wants: { ids: [id, successor.id], ...wantingKey(idempotency, at) },
    decide(seen: Seen): Decision<RotateOutcome> {
      const { records } = seen
      const repeated = repeatedForToken(seen, idempotency, at)
      if (repeated !== null) return { answer: repeated }
      const former = records.get(id)
      if (former === undefined) return { answer: { outcome: 'not_found' } }
      const inherited = rotation.renewal === undefined ? {} : inheritedFrom(former, at, rotation.renewal)
      const heir = inherited instanceof TokenError ? former : successorOf(former, inherited, rotation)
      // A secret gives everything that its token may do.
      const refused = beyond({ ...heir, expiresAt: expiryIn(heir) }, rotation.ceilings ?? [], rotation.rules ?? {})
      if (refused !== null) return { answer: refused }
      if (statusOf(former, at) !== 'active') return { answer: { outcome: 'not_allowed', record: former } }
      if (former.rotatedTo !== null) {
        const known = records.get(former.rotatedTo) ?? null
        return { answer: { outcome: 'already_rotated', record: former, successor: known } }
      }
      if (inherited instanceof TokenError) return { answer: { outcome: 'against_rules', error: inherited } }
      if (records.has(successor.id)) return { answer: { outcome: 'id_taken' } }
      const predecessor = isPendingSuccessor(former) ? records.get(former.rotatedFrom ?? '') : undefined
      const ended = predecessor === undefined ? [] : [revoked(predecessor, { at, reason: 'rotated' })]
      const record = rotated(former, rotation)
      const added = under(heir, rotation.ceilings ?? [])
      return {
        answer: { outcome: 'rotated', record, successor: added },
        put: [record, ...ended],
        add: [added],
        announce: [former.digest, ...ended.map(({ digest }) => digest)],
        ...keeping(seen, idempotency, at, { record: added }),
      }
    },
  }
}

function rotated(record: TokenRecord, { at, overlapMs, successor, sealedSuccessor }: Rotation): TokenRecord {
  const overlapEndsAt = overlapEndOf(record, at, overlapMs)
  const overlapping = { ...record, rotatedTo: successor.id, overlapEndsAt, sealedSuccessor, updatedAt: at }
  return overlapEndsAt > at ? overlapping : revoked(overlapping, { at, reason: 'rotated' })
}

/** Takes over owner, name, scopes, creator, attributes, expiry and networks. */
function successorOf(
  record: TokenRecord,
  inherited: Partial<Inherited>,
  { at, overlapMs, successor }: Rotation,
): TokenRecord {
  const overlapEndsAt = overlapEndOf(record, at, overlapMs)
  return {
    ...record,
    ...inherited,
    ...successor,
    createdAt: at,
    updatedAt: at,
    lastUsedAt: null,
    rotatedFrom: record.id,
    overlapEndsAt: overlapEndsAt > at ? overlapEndsAt : null,
  }
}

/** Never later than the token's own expiry. */
function overlapEndOf(record: TokenRecord, at: number, overlapMs: number): number {
  return Math.min(at + overlapMs, expiryIn(record))
}
