import { asOf } from '../token/token.ts'
import type { RevocationReason, TokenRecord } from '../token/token.ts'
import { changeOne } from './change-one.ts'
import type { Change, UnrefusedOutcome } from './change-one.ts'
import type { Decision, Seen, Step } from './decision/decision.ts'
import { announcedAgain, keeping, repeatedForToken, wanting } from './decision/idempotent-request.ts'
import type { Repeated } from './decision/idempotent-request.ts'
import { NOTHING_MORE, isUnseen, pendingAfter } from './decision/unused-successors.ts'
import type { More, Unseen } from './decision/unused-successors.ts'

export interface Revocation extends Change {
  readonly reason: RevocationReason
}

/** Revokes a token of any status. The first revocation counts: revoking again is done, and changes nothing. */
export function revoke(id: string, revocation: Revocation): Step<UnrefusedOutcome> {
  return changeOne<never>(id, revocation, {
    operation: 'revoke a token',
    apply: (record) => revoked(record, revocation),
  })
}

/** The record once revoked: at `at`, or at the end of its overlap if that is over by then. The first revocation stays. */
export function revoked(record: TokenRecord, { at, reason }: Pick<Revocation, 'at' | 'reason'>): TokenRecord {
  const current = asOf(record, at)
  if (current.revokedAt !== null) return current
  return { ...record, revokedAt: at, revokedReason: reason, updatedAt: at, sealedSuccessor: null }
}

/** Whether a token is revoked at an instant, by a change or by the clock. */
export function isRevoked(record: TokenRecord, at: number): boolean {
  return asOf(record, at).revokedAt !== null
}

/** `ended` are the ids of the unused successors that ended with the token, by this step or an earlier one. */
interface Together {
  readonly record: TokenRecord
  readonly ended: readonly string[]
}

export type RevokedTogether =
  | ({ readonly outcome: 'done' } & Together)
  | Repeated<Together>
  | { readonly outcome: 'not_found' }

/**
 * Revokes a token and the successors that nobody has used, at once: whoever has the token's secret may have theirs. The first
 * revocation of each counts.
 *
 * @param more The further tokens to be shown, as an `unseen` outcome named them.
 */
export function revokeWithUnused(
  id: string,
  revocation: Revocation,
  more: More = NOTHING_MORE,
): Step<RevokedTogether | Unseen> {
  const { at, idempotency } = revocation
  const ids = [id, ...more.ids]
  return {
    operation: 'revoke a token',
    wants: wanting(ids, idempotency, at),
    decide(seen: Seen): Decision<RevokedTogether | Unseen> {
      const repeated = repeatedForToken(seen, idempotency, at)
      if (repeated !== null && repeated.outcome !== 'replayed') return { answer: repeated }
      const former = seen.records.get(id)
      if (repeated !== null && former === undefined) {
        return { answer: { ...repeated, ended: [] }, ...announcedAgain(repeated, seen) }
      }
      if (former === undefined) return { answer: { outcome: 'not_found' } }
      const unused = pendingAfter(former, seen, ids)
      if (isUnseen(unused)) return { answer: unused }
      const all = [former, ...unused]
      const now = all.map((each) => revoked(each, revocation))
      const put = now.filter((each, index) => each !== all[index])
      const [record = former, ...successors] = now
      const ended = successors.filter((each) => put.includes(each) || each.revokedAt === record.revokedAt)
      const facts = { ended: ended.map((each) => each.id) }
      const announce = now.map(({ digest }) => digest)
      if (repeated !== null) return { answer: { ...repeated, ...facts }, announce }
      return {
        answer: { outcome: 'done', record, ...facts },
        ...(put.length > 0 && { put }),
        announce,
        ...keeping(seen, idempotency, at, { record }),
      }
    },
  }
}
