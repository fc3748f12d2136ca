import type { TokenRecord } from '../token/token.ts'
import type { Decision, Seen, Step } from './decision/decision.ts'
import { isRevoked, revoked } from './revoke.ts'
import { NOTHING_MORE, isUnseen, overlappingBefore } from './decision/unused-successors.ts'
import type { More, Unseen } from './decision/unused-successors.ts'

export interface Completion {
  readonly outcome: 'done'
  /** The successor; `null` if the owner has none with this id. */
  readonly record: TokenRecord | null
  /** The earlier tokens of its line, revoked by this step or before. */
  readonly ended: readonly TokenRecord[]
}

/**
 * Revokes all earlier tokens of a pending successor's line that may overlap, with reason `rotated`. The successor stays
 * pending: `endPending` follows once this is acknowledged. After a failure between the two, the next use of the successor
 * repeats both.
 *
 * @param more The further tokens to be shown, as an `unseen` outcome named them.
 */
export function revokePredecessors(id: string, at: number, more: More = NOTHING_MORE): Step<Completion | Unseen> {
  const ids = [id, ...more.ids]
  return {
    operation: 'complete a rotation',
    wants: { ids, key: null },
    decide(seen: Seen): Decision<Completion | Unseen> {
      const successor = seen.records.get(id)
      const answer = { outcome: 'done', record: successor ?? null, ended: [] } as const
      // It was revoked before its first use: then its predecessors are another's, or nobody's.
      if (successor === undefined || isRevoked(successor, at)) return { answer }
      const before = overlappingBefore(successor, seen, ids)
      if (isUnseen(before)) return { answer: before }
      if (before.length === 0) return { answer }
      const ended = before.map((record) => revoked(record, { at, reason: 'rotated' }))
      const put = ended.filter((record, index) => record !== before[index])
      return {
        answer: { ...answer, ended },
        ...(put.length > 0 && { put }),
        announce: ended.map(({ digest }) => digest),
      }
    },
  }
}

/** Ends the pending state of a successor, after its predecessors were revoked. Nothing else about it changes. */
export function endPending(id: string): Step<TokenRecord | null> {
  return {
    operation: 'complete a rotation',
    wants: { ids: [id], key: null, unacknowledged: true },
    decide({ records }: Seen): Decision<TokenRecord | null> {
      const successor = records.get(id)
      if (successor === undefined || !successor.pending || successor.revokedAt !== null)
        return { answer: successor ?? null }
      const used = noLongerPending(successor)
      return { answer: used, put: [used], announce: [used.digest] }
    },
  }
}

/** The record of a pending successor after its first use. */
export function noLongerPending(record: TokenRecord): TokenRecord {
  const { rotatedTo, overlapEndsAt } = record
  return { ...record, pending: false, overlapEndsAt: rotatedTo === null ? null : overlapEndsAt }
}
