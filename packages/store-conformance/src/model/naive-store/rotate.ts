import { covers, statusOf } from '@tessera/core'
import type { RotateOutcome, Rotation, TokenRecord } from '@tessera/core'
import { factsOfRevoke } from './changes-of-one.ts'
import { announce } from './changes.ts'
import { activeOf } from './insert.ts'
import { decideForToken, keepRequest, madeToken } from './requests.ts'
import { isToken, write } from './state.ts'
import type { NaiveState } from './state.ts'

/** The outcome of a rotation: nothing is kept yet. */
export function decideRotation(
  state: Readonly<NaiveState>,
  owner: string,
  id: string,
  rotation: Rotation,
): RotateOutcome {
  const {
    at,
    idempotency,
    reason,
    successor: fresh,
    sealedSuccessor,
    activeLimit,
    ceilings = [],
    rules = {},
  } = rotation
  const overlapMs = reason === 'leaked' ? 0 : rotation.overlapMs
  const find = (other: string | null) => state.records.find(isToken(owner, other ?? '')) ?? null
  const answer = decideForToken(state, owner, idempotency, at)
  if (answer?.outcome === 'replayed') {
    const current = find(answer.record.id)
    if (current !== null && statusOf(current, at) === 'active') return answer
    return { outcome: 'successor_ended', record: current ?? answer.record }
  }
  if (answer !== null) return answer
  const former = find(id)
  if (former === null) return { outcome: 'not_found' }
  const above = former.scopes.filter((scope) =>
    ceilings.some((most) => most.scopes && !covers(most.scopes, [scope], rules)),
  )
  if (above.length > 0) return { outcome: 'insufficient_scope', scopes: above, lackedBy: 'giver' }
  if (statusOf(former, at) !== 'active') return { outcome: 'not_allowed', record: former }
  const known = find(former.rotatedTo)
  const isLive = known !== null && ['active', 'suspended'].includes(statusOf(known, at))
  if (isLive && (!known.pending || (sealedSuccessor !== null && reason === 'rotated')))
    return { outcome: 'already_rotated', record: former, successor: known }
  const replaced = unusedAfter(state, former)
  const counted = activeOf(state, owner, at, [fresh.prefix])
  const isPlaceFree = former.rotatedTo === null || replaced.some((record) => counted.includes(record))
  if (activeLimit !== null && !isPlaceFree && counted.length >= activeLimit)
    return { outcome: 'limit_reached', active: counted.length }
  if (find(fresh.id) !== null) return { outcome: 'id_taken' }
  const begun = former.rotatedTo === null ? Infinity : (former.overlapEndsAt ?? Infinity)
  const overlapEndsAt = Math.min(at + overlapMs, former.expiresAt ?? Infinity, former.expiryCeiling ?? Infinity, begun)
  const record = { ...former, rotatedTo: fresh.id, overlapEndsAt, sealedSuccessor, updatedAt: at }
  const since = { createdAt: at, updatedAt: at, lastUsedAt: null, rotatedFrom: id, rotatedTo: null }
  const until = former.pending ? former.overlapEndsAt : null
  const successor = {
    ...{ ...former, ...fresh, ...since, sealedSuccessor: null },
    ...(overlapMs === 0 ? { overlapEndsAt: until } : { overlapEndsAt, pending: true }),
  }
  const ended = replaced
    .filter((each) => statusOf(each, at) !== 'revoked')
    .map((each) => ({ ...each, ...(factsOfRevoke(each, { at, reason }) as Partial<TokenRecord>) }))
  if (overlapMs > 0) return { outcome: 'rotated', record, successor, ended }
  const revoked = { revokedAt: at, revokedReason: reason, sealedSuccessor: null } as const
  return { outcome: 'rotated', record: { ...record, ...revoked }, successor, ended }
}

/** Keeps a decided rotation, and announces it. */
export function keepRotated(
  state: NaiveState,
  { record, successor, ended }: Extract<RotateOutcome, { outcome: 'rotated' }>,
  { idempotency, sealed }: Rotation,
): void {
  for (const changed of [record, ...ended]) {
    write(state, changed)
    announce(state, changed.digest)
  }
  state.records = [...state.records, successor]
  keepRequest(state, record.owner, idempotency, madeToken(successor, sealed))
}

/** The successors of a token up to one that was used. */
function unusedAfter(state: Readonly<NaiveState>, { owner, rotatedTo }: TokenRecord): readonly TokenRecord[] {
  const next = state.records.find(isToken(owner, rotatedTo ?? ''))
  return next?.pending ? [next, ...unusedAfter(state, next)] : []
}

/** Revokes all tokens before a pending successor up to the last one in use, and announces them. */
export function revokePredecessors(state: NaiveState, { owner, pending, rotatedFrom }: TokenRecord, at: number): void {
  const record = pending ? state.records.find(isToken(owner, rotatedFrom ?? '')) : undefined
  if (record === undefined) return
  revokePredecessors(state, record, at)
  if (record.revokedAt !== null) return
  write(state, { ...record, ...(factsOfRevoke(record, { at, reason: 'rotated' }) as Partial<TokenRecord>) })
  announce(state, record.digest)
}
