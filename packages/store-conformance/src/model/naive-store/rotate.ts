import { statusOf } from '@tessera/core'
import type { RotateOutcome, Rotation, TokenRecord } from '@tessera/core'
import { factsOfRevoke } from './changes-of-one.ts'
import { announce } from './changes.ts'
import { decideForToken, keepRequest } from './requests.ts'
import { isToken, write } from './state.ts'
import type { NaiveState } from './state.ts'

/** The outcome of a rotation: nothing is kept yet. */
export function decideRotation(
  state: Readonly<NaiveState>,
  owner: string,
  id: string,
  { at, idempotency, overlapMs, successor: fresh, sealedSuccessor }: Rotation,
): RotateOutcome {
  const answer = decideForToken(state, owner, idempotency, at)
  if (answer !== null) return answer
  const find = (other: string) => state.records.find(isToken(owner, other)) ?? null
  const former = find(id)
  if (former === null) return { outcome: 'not_found' }
  if (statusOf(former, at) !== 'active') return { outcome: 'not_allowed', record: former }
  if (former.rotatedTo !== null) {
    return { outcome: 'already_rotated', record: former, successor: find(former.rotatedTo) }
  }
  if (find(fresh.id) !== null) return { outcome: 'id_taken' }
  const { expiresAt, expiryCeiling } = former
  const overlapEndsAt = Math.min(at + overlapMs, expiresAt ?? Infinity, expiryCeiling ?? Infinity)
  const record = { ...former, rotatedTo: fresh.id, overlapEndsAt, sealedSuccessor, updatedAt: at }
  const since = { createdAt: at, updatedAt: at, lastUsedAt: null, rotatedFrom: id }
  const successor = { ...former, ...fresh, ...since, overlapEndsAt: overlapMs === 0 ? null : overlapEndsAt }
  if (overlapMs > 0) return { outcome: 'rotated', record, successor }
  const revoked = { revokedAt: at, revokedReason: 'rotated', sealedSuccessor: null } as const
  return { outcome: 'rotated', record: { ...record, ...revoked }, successor }
}

/** Keeps a decided rotation, and announces it. */
export function keepRotated(
  state: NaiveState,
  { record, successor }: Extract<RotateOutcome, { outcome: 'rotated' }>,
  { at, idempotency }: Rotation,
): void {
  const former = state.records.find(isToken(record.owner, record.id))
  if (former !== undefined) revokePredecessor(state, former, at)
  write(state, record)
  announce(state, record.digest)
  state.records = [...state.records, successor]
  keepRequest(state, record.owner, idempotency, { record: successor })
}

/** Revokes the predecessor of a pending successor, and announces it. */
export function revokePredecessor(state: NaiveState, successor: TokenRecord, at: number): void {
  const { owner, rotatedFrom, rotatedTo, overlapEndsAt } = successor
  if (rotatedFrom === null || rotatedTo !== null || overlapEndsAt === null) return
  const record = state.records.find(isToken(owner, rotatedFrom))
  if (record === undefined || record.revokedAt !== null) return
  write(state, { ...record, ...(factsOfRevoke(record, { at, reason: 'rotated' }) as Partial<TokenRecord>) })
  announce(state, record.digest)
}
