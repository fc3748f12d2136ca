import { isMadeBy } from '../token/makers.ts'
import type { TokenRecord } from '../token/token.ts'
import type { Decision, Seen, Step } from './decision/decision.ts'
import { keeping, repeatedForMany, wanting } from './decision/idempotent-request.ts'
import type { Repeated } from './decision/idempotent-request.ts'
import { isRevoked, revoked } from './revoke.ts'
import type { Revocation } from './revoke.ts'

/** Selects an owner's tokens by all of its conditions; `null` asks nothing. */
export interface BulkRevocation extends Revocation {
  readonly exceptId: string | null
  /** Exclusive: created before this instant. */
  readonly issuedBefore: number | null
  /** One of the token's scopes, to the letter. */
  readonly scope: string | null
  /** Exclusive: last used before this instant, or created before it and never used. Left out, it asks nothing. */
  readonly lastUsedBefore?: number | undefined
  /** Its creator, to the letter. Left out or `null`, it asks nothing. */
  readonly createdBy?: string | null | undefined
  /** Lines: one of its makers is among these. Left out or `null`, it asks nothing. */
  readonly makers?: readonly string[] | null | undefined
  /** The token that asks. If it is meant too, the last step revokes it, since all others need it. */
  readonly last?: string | null | undefined
}

export type RevokeAllOutcome = { readonly outcome: 'done'; readonly revoked: number } | RepeatedBulk

export type RepeatedBulk = Repeated<{ readonly revoked: number }>

const OPERATION = "revoke an owner's tokens"

/** Whether a bulk revocation means a token. */
export function isMeant(
  record: TokenRecord,
  { exceptId, issuedBefore, scope, lastUsedBefore, createdBy = null, makers = null }: BulkRevocation,
): boolean {
  if (record.revokedAt !== null || record.id === exceptId) return false
  if (issuedBefore !== null && record.createdAt >= issuedBefore) return false
  if (lastUsedBefore !== undefined && (record.lastUsedAt ?? record.createdAt) >= lastUsedBefore) return false
  if (createdBy !== null && record.createdBy !== createdBy) return false
  if (makers !== null && !isMadeBy(record, makers)) return false
  return scope === null || record.scopes.includes(scope)
}

/**
 * Revokes some tokens, each if the selection means it at that instant. Each step announces the owner: a bulk revocation
 * that fails half-way leaves nothing unannounced. `finishBulk` announces it for good.
 *
 * @returns How many this step revoked. Tokens revoked by the clock before `at` are written, and not counted.
 */
export function revokeSome(ids: readonly string[], selection: BulkRevocation): Step<number> {
  return {
    operation: OPERATION,
    wants: { ids, key: null, unacknowledged: true },
    decide({ records }: Seen): Decision<number> {
      const meant = ids.flatMap((id) => records.get(id) ?? []).filter((record) => isMeant(record, selection))
      const count = meant.filter((record) => !isRevoked(record, selection.at)).length
      if (meant.length === 0) return { answer: 0 }
      return { answer: count, put: meant.map((record) => revoked(record, selection)), announce: 'owner' }
    },
  }
}

/**
 * Claims the key before the first token is revoked. `null` if the bulk revocation may go on. The answer to an equal request
 * announces the owner again: the call that finished it may have failed before it did.
 */
export function claimBulk({ at, idempotency }: BulkRevocation): Step<RepeatedBulk | null> {
  return {
    operation: OPERATION,
    wants: wanting([], idempotency, at),
    decide(seen: Seen): Decision<RepeatedBulk | null> {
      const repeated = repeatedForMany(seen, idempotency, at)
      if (repeated === null) return { answer: null, ...keeping(seen, idempotency, at, null) }
      return { answer: repeated, ...(repeated.outcome === 'replayed' && { announce: 'owner' }) }
    },
  }
}

/** Revokes the `last` token, announces the owner and gives the key its answer, after all others were revoked. */
export function finishBulk(selection: BulkRevocation, others: number): Step<RevokeAllOutcome> {
  const { at, idempotency, last = null } = selection
  const ids = last === null ? [] : [last]
  return {
    operation: OPERATION,
    wants: { ids, key: idempotency?.key ?? null },
    decide(seen: Seen): Decision<RevokeAllOutcome> {
      const repeated = repeatedForMany(seen, idempotency, at)
      if (repeated !== null) return { answer: repeated, announce: 'owner' }
      const { answer: own, put } = revokeSome(ids, selection).decide(seen)
      const count = others + own
      const answer = { outcome: 'done', revoked: count } as const
      return { answer, ...(put && { put }), announce: 'owner', ...keeping(seen, idempotency, at, { revoked: count }) }
    },
  }
}
