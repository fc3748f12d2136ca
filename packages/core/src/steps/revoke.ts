import { asOf } from '../token/token.ts'
import type { RevocationReason, TokenRecord } from '../token/token.ts'
import { changeOne } from './change-one.ts'
import type { Change, UnrefusedOutcome } from './change-one.ts'
import type { Step } from './decision/decision.ts'

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
