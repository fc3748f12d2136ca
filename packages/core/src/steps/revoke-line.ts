import { isMadeBy } from '../token/makers.ts'
import type { TokenRecord } from '../token/token.ts'
import type { Decision, Seen, Step } from './decision/decision.ts'
import { isRevoked, revoked } from './revoke.ts'

/** The tokens that a leaked secret opens: its line, and with `issued` all that the line issued, directly or not. */
export interface LeakedLine {
  readonly line: string
  readonly issued: boolean
  /** Further lines of what the line issued, too far from it for all that they issued to name it. Default none. */
  readonly further?: readonly string[]
  readonly at: number
}

export interface LineRevocation {
  /** The tokens revoked by this step. */
  readonly ended: readonly TokenRecord[]
  /** Linked tokens that were not shown: others may have made them meanwhile. */
  readonly next: readonly string[]
}

const OPERATION = 'revoke a line of tokens'

/** Whether a leaked secret opens a token. */
export function isOpened(record: TokenRecord, { line, issued, further = [] }: Omit<LeakedLine, 'at'>): boolean {
  return record.line === line || (issued && isMadeBy(record, [line, ...further]))
}

/**
 * Revokes some of the tokens that a leaked secret opens, of whatever status, with reason `leaked`. Their neighbours by
 * rotation are among them: a token that is rotated at the same moment does not escape.
 */
export function revokeOpened(ids: readonly string[], leaked: LeakedLine): Step<LineRevocation> {
  const { at } = leaked
  return {
    operation: OPERATION,
    wants: { ids, key: null, unacknowledged: true },
    decide({ records }: Seen): Decision<LineRevocation> {
      const opened = [...records.values()].filter((record) => isOpened(record, leaked))
      const now = opened.map((record) => revoked(record, { at, reason: 'leaked' }))
      const put = now.filter((record, index) => record !== opened[index])
      const ended = now.filter((_, index) => !isRevoked(opened[index] as TokenRecord, at))
      const linked = opened.flatMap(({ rotatedTo }) => rotatedTo ?? [])
      const next = linked.filter((id) => !records.has(id) && !ids.includes(id))
      if (opened.length === 0) return { answer: { ended, next } }
      return { answer: { ended, next }, ...(put.length > 0 && { put }), announce: opened.map(({ digest }) => digest) }
    },
  }
}

/**
 * Announces the owner, after all that a leaked token opens was revoked: an earlier call may have revoked some of it and failed
 * before it announced that. No step is shown these again.
 */
export function acknowledgeLine(): Step<void> {
  return {
    operation: OPERATION,
    wants: { ids: [], key: null },
    decide: () => ({ answer: undefined, announce: 'owner' }),
  }
}
