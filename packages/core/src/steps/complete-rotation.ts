import { isPendingSuccessor } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'
import type { Decision, Seen, Step } from './decision/decision.ts'
import { revoked } from './revoke.ts'

/**
 * Revokes the predecessor of a pending successor, with reason `rotated`. The successor stays pending: `endPending`
 * follows once this is acknowledged. After a failure between the two, the next use of the successor repeats both.
 *
 * @returns The successor, `null` if the owner has none with this id.
 */
export function revokePredecessor(id: string, at: number): Step<TokenRecord | null> {
  return {
    operation: 'complete a rotation',
    wants: { ids: [id], key: null },
    decide({ records }: Seen): Decision<TokenRecord | null> {
      const successor = records.get(id)
      if (successor === undefined) return { answer: null }
      const predecessor = isPendingSuccessor(successor) ? records.get(successor.rotatedFrom ?? '') : undefined
      if (predecessor === undefined) return { answer: successor }
      const ended = revoked(predecessor, { at, reason: 'rotated' })
      return { answer: successor, ...(ended !== predecessor && { put: [ended] }), announce: [ended.digest] }
    },
  }
}

/** Ends the pending state of a successor, after its predecessor was revoked. Nothing else about it changes. */
export function endPending(id: string): Step<TokenRecord | null> {
  return {
    operation: 'complete a rotation',
    wants: { ids: [id], key: null },
    decide({ records }: Seen): Decision<TokenRecord | null> {
      const successor = records.get(id)
      if (successor === undefined || !isPendingSuccessor(successor)) return { answer: successor ?? null }
      const used = { ...successor, overlapEndsAt: null }
      return { answer: used, put: [used], announce: [used.digest] }
    },
  }
}
