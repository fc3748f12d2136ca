import { TokenError } from '../token/errors.ts'
import type { ScopeRules } from '../token/scope.ts'
import { expiryIn, statusOf } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import { countsUntil, isBelowLimit } from './decision/active-limit.ts'
import type { Change } from './change-one.ts'
import { beyond, under } from './decision/ceiling.ts'
import type { BeyondCeiling, Ceiling } from './decision/ceiling.ts'
import type { Decision, MadeToken, Seen, Step } from './decision/decision.ts'
import { keeping, madeToken, repeatedForToken, wanting } from './decision/idempotent-request.ts'
import type { Repeated } from './decision/idempotent-request.ts'
import { inheritedFrom, withoutOrigin } from './inherit.ts'
import type { Inherited, Renewal } from './inherit.ts'
import { isRevoked, revoked } from './revoke.ts'
import {
  MOST_PENDING,
  NOTHING_MORE,
  isLive,
  isUnseen,
  overlappingBefore,
  pendingAfter,
} from './decision/unused-successors.ts'
import type { More, Unseen } from './decision/unused-successors.ts'

export interface Rotation extends Change {
  /** How long the token is accepted beside its successor, in milliseconds; 0 for not at all. */
  readonly overlapMs: number
  /** Kept with the token once it is revoked. A leaked token has no overlap. */
  readonly reason: 'rotated' | 'leaked'
  /** Without a creator, it has that of the token. */
  readonly successor: Pick<TokenRecord, 'id' | 'digest' | 'prefix' | 'preview'> &
    Partial<Pick<TokenRecord, 'createdBy'>>
  /** The successor's secret, sealed under the token's own; `null` if the caller does not have the token's. */
  readonly sealedSuccessor: string | null
  /** Kept beside the successor under the key, see `MadeToken`. */
  readonly sealed?: string | undefined
  /** Counts only for a successor that takes over nobody's place. */
  readonly activeLimit: number | null
  /** Left out, the successor has all that the token has, whatever the rules are today. */
  readonly renewal?: Renewal | undefined
  /** The most that whoever gets the successor's secret may give away. Left out, it is the token's own holder. */
  readonly ceilings?: readonly Ceiling[] | undefined
  readonly rules?: ScopeRules | undefined
}

export type RotateOutcome =
  /** The token after the step, and its successor. `ended` are the unused successors before this one. */
  | {
      readonly outcome: 'rotated'
      readonly record: TokenRecord
      readonly successor: TokenRecord
      readonly ended: readonly TokenRecord[]
    }
  /** The token has a successor that stays. */
  | { readonly outcome: 'already_rotated'; readonly record: TokenRecord; readonly successor: TokenRecord }
  /** `record` is the successor made by the first request, as it was then. It is active now, too. */
  | Repeated<MadeToken>
  /** The successor made by the first request is not active any more. */
  | { readonly outcome: 'successor_ended'; readonly record: TokenRecord }
  | { readonly outcome: 'not_found' }
  /** The token is suspended, expired or revoked. */
  | { readonly outcome: 'not_allowed'; readonly record: TokenRecord }
  /** Nobody used the token, nor the many before it. */
  | { readonly outcome: 'too_many_unused' }
  /** The successor would be against the rules of today, or against the request's own. */
  | { readonly outcome: 'against_rules'; readonly error: TokenError }
  | { readonly outcome: 'limit_reached'; readonly active: number }
  /** The owner has a token with the successor's id. */
  | { readonly outcome: 'id_taken' }
  | BeyondCeiling

/**
 * Gives an active token a successor, whatever the limit of active tokens: the successor takes over the place. A token above
 * a ceiling stays as it is, also if it is not active.
 *
 * - With an overlap of 0 the token is revoked at once.
 * - A token that is pending itself may be rotated: the tokens before it stay accepted, until a later one is used.
 * - A token that was rotated before gets another successor, as long as it is accepted: nobody has used the former ones.
 *   These are revoked. Its overlap ends no later than it did.
 * - A caller with the token's secret gets the former successor instead, if that is live: its secret can be opened.
 *
 * @param more The further facts to be shown, as an `unseen` outcome named them.
 */
export function rotate(id: string, rotation: Rotation, more: More = NOTHING_MORE): Step<RotateOutcome | Unseen> {
  const { at, idempotency, successor, reason } = rotation
  const ids = [id, successor.id, ...more.ids]
  const wants = wanting(ids, idempotency, at)
  return {
    operation: 'rotate a token',
    wants: more.counting ? { ...wants, active: { at, prefixes: [successor.prefix] } } : wants,
    decide(seen: Seen): Decision<RotateOutcome | Unseen> {
      const repeated = repeatedForToken(seen, idempotency, at)
      if (repeated !== null) return repeatedBy(answerAgain(repeated, seen, ids, at))
      const former = seen.records.get(id)
      if (former === undefined) return { answer: { outcome: 'not_found' } }
      const inherited = rotation.renewal === undefined ? former : inheritedFrom(former, at, rotation.renewal)
      const heir = inherited instanceof TokenError ? former : successorOf(former, inherited, rotation)
      // A secret gives everything that its token may do.
      const given = { scopes: heir.scopes, networks: heir.networks, expiresAt: expiryIn(heir) }
      const refused = beyond(given, rotation.ceilings ?? [], rotation.rules ?? {})
      if (refused !== null) return { answer: refused }
      if (statusOf(former, at) !== 'active') return { answer: { outcome: 'not_allowed', record: former } }
      const unused = pendingAfter(former, seen, ids)
      if (isUnseen(unused)) return { answer: unused }
      const kept = keptSuccessor(former, unused, seen, rotation)
      if (kept !== null) {
        const answer = { outcome: 'already_rotated', record: former, successor: kept } as const
        // For the holder it is the answer to a repeated request.
        return { answer, ...(rotation.sealedSuccessor !== null && { announce: [former.digest] }) }
      }
      const before = overlappingBefore(former, seen, ids)
      if (isUnseen(before)) return { answer: before }
      if (before.length >= MOST_PENDING) return { answer: { outcome: 'too_many_unused' } }
      if (inherited instanceof TokenError) return { answer: { outcome: 'against_rules', error: inherited } }
      const refusal = placeRefusal(former, unused, seen, rotation)
      if (refusal !== null) return { answer: refusal }
      if (seen.records.has(successor.id)) return { answer: { outcome: 'id_taken' } }
      const record = rotated(former, rotation)
      const added = under(heir, rotation.ceilings ?? [])
      const ended = unused.filter((each) => !isRevoked(each, at)).map((each) => revoked(each, { at, reason }))
      return {
        answer: { outcome: 'rotated', record, successor: added, ended },
        put: [record, ...ended],
        add: [added],
        announce: [former, ...unused].map(({ digest }) => digest),
        ...keeping(seen, idempotency, at, madeToken(added, rotation.sealed)),
      }
    },
  }
}

/** A repeated request gets the first answer only as long as that is true. */
function answerAgain(
  repeated: Repeated<MadeToken>,
  { records }: Pick<Seen, 'records'>,
  ids: readonly string[],
  at: number,
): RotateOutcome | Unseen {
  if (repeated.outcome !== 'replayed') return repeated
  const { id } = repeated.record
  const current = records.get(id)
  if (current === undefined && !ids.includes(id)) return { outcome: 'unseen', ids: [id], counting: false }
  if (current !== undefined && statusOf(current, at) === 'active') return repeated
  return { outcome: 'successor_ended', record: current ?? repeated.record }
}

/**
 * A repeated request announces the owner: the first may have failed before its announcement or its acknowledgement, and the
 * unused successors ended by it are not linked any more.
 */
function repeatedBy(answer: RotateOutcome | Unseen): Decision<RotateOutcome | Unseen> {
  return { answer, ...(answer.outcome === 'replayed' && { announce: 'owner' }) }
}

/** The former successor if this rotation leaves it: it was used, or the caller can open its secret. */
function keptSuccessor(
  { rotatedTo }: TokenRecord,
  unused: readonly TokenRecord[],
  { records }: Pick<Seen, 'records'>,
  { at, reason, sealedSuccessor }: Rotation,
): TokenRecord | null {
  const successor = rotatedTo === null ? undefined : records.get(rotatedTo)
  if (successor === undefined || !isLive(successor, at)) return null
  if (!unused.includes(successor)) return successor
  return sealedSuccessor !== null && reason !== 'leaked' ? successor : null
}

/** Refuses a successor that would be one too many: others may have taken the place of the former ones. */
function placeRefusal(
  { rotatedTo }: TokenRecord,
  unused: readonly TokenRecord[],
  { active }: Pick<Seen, 'active'>,
  { at, activeLimit }: Rotation,
): RotateOutcome | Unseen | null {
  if (activeLimit === null || rotatedTo === null || unused.some((each) => (countsUntil(each) ?? at) > at)) return null
  if (active === null) return { outcome: 'unseen', ids: [], counting: true }
  return isBelowLimit(active, activeLimit) ? null : { outcome: 'limit_reached', active }
}

function rotated(record: TokenRecord, rotation: Rotation): TokenRecord {
  const { at, reason, successor, sealedSuccessor } = rotation
  const overlapEndsAt = overlapEndOf(record, rotation)
  const overlapping = { ...record, rotatedTo: successor.id, overlapEndsAt, sealedSuccessor, updatedAt: at }
  if (overlapEndsAt > at) return overlapping
  return { ...overlapping, revokedAt: at, revokedReason: reason, sealedSuccessor: null }
}

/** Takes over owner, name, scopes, creator if none is given, attributes but for the origin of the secret, expiry and networks. */
function successorOf(record: TokenRecord, inherited: Inherited, rotation: Rotation): TokenRecord {
  const { at, successor } = rotation
  const overlapEndsAt = overlapEndOf(record, rotation)
  const overlaps = overlapEndsAt > at
  return {
    ...record,
    scopes: inherited.scopes,
    expiresAt: inherited.expiresAt,
    fixedExpiry: inherited.fixedExpiry,
    lineCreatedAt: inherited.lineCreatedAt,
    id: successor.id,
    digest: successor.digest,
    attributes: withoutOrigin(record.attributes),
    prefix: successor.prefix,
    preview: successor.preview,
    createdBy: successor.createdBy ?? record.createdBy,
    createdAt: at,
    updatedAt: at,
    lastUsedAt: null,
    rotatedTo: null,
    rotatedFrom: record.id,
    overlapEndsAt: overlaps ? overlapEndsAt : record.pending ? record.overlapEndsAt : null,
    pending: overlaps || record.pending,
    sealedSuccessor: null,
  }
}

/** Never later than the token's own expiry, nor than an overlap that it has begun. */
function overlapEndOf(
  record: TokenRecord,
  { at, overlapMs, reason }: Pick<Rotation, 'at' | 'overlapMs' | 'reason'>,
): number {
  if (reason === 'leaked') return at
  const begun = record.rotatedTo === null ? null : record.overlapEndsAt
  return Math.min(at + overlapMs, expiryIn(record), begun ?? Number.POSITIVE_INFINITY)
}
