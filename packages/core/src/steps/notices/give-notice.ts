import { asOf, endOf, statusOf } from '../../token/token.ts'
import type { TokenRecord } from '../../token/token.ts'
import type { Decision, Kept, Seen, Step } from '../decision/decision.ts'
import { countedOf, keptAt } from '../decision/idempotent-request.ts'

/** A notice of the end of a token. */
export interface Notice {
  readonly tokenId: string
  /** The time of the step, in epoch milliseconds. */
  readonly at: number
  /** How long before its end a token gets it. */
  readonly withinMs: number
}

/** How long a process may take for it. Then another one gives it. */
const CLAIMED_MS = 300_000

/** Whether a token can be used, or resumed, and ends by the clock within that time. */
export function isExpiring(record: TokenRecord, at: number, withinMs: number): boolean {
  const status = statusOf(asOf(record, at), at)
  return (status === 'active' || status === 'suspended') && endOf(record) < at + withinMs
}

/**
 * Claims the notice for five minutes, for one process of all.
 *
 * @returns A step that answers with the token; with `null` if it is not expiring any more, or if the notice is claimed or
 *   given.
 */
export function claimNotice(notice: Notice): Step<TokenRecord | null> {
  const { tokenId, at, withinMs } = notice
  return {
    operation: 'claim a notice',
    wants: { ids: [tokenId], key: keyOf(notice) },
    decide(seen: Seen): Decision<TokenRecord | null> {
      const record = seen.records.get(tokenId)
      if (keptAt(seen, at) !== null || record === undefined || !isExpiring(record, at, withinMs))
        return { answer: null }
      return { answer: record, keep: keptUntil(notice, countedOf(seen, at) + CLAIMED_MS) }
    },
  }
}

/** Notes that the notice was given. Another one of the token may follow after `withinMs`, if its end has moved by then. */
export function noteGiven(notice: Notice): Step<null> {
  const { at, withinMs } = notice
  return {
    operation: 'note a notice',
    wants: { ids: [], key: keyOf(notice) },
    decide: (seen) => ({ answer: null, keep: keptUntil(notice, countedOf(seen, at) + withinMs) }),
  }
}

function keptUntil(notice: Notice, expiresAt: number): Kept {
  return { key: keyOf(notice), fingerprint: 'notice', expiresAt, answer: null }
}

/** No caller's key has a blank. */
function keyOf({ tokenId, withinMs }: Notice): string {
  return ` notice:${withinMs}:${tokenId}`
}
