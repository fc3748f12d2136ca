import type { InsertConditions, InsertOutcome, TokenRecord } from '@tessera/core'
import { decideForToken, keepRequest, madeToken } from './requests.ts'
import type { NaiveState } from './state.ts'

/** The outcome of an insert. */
export function decideInsert(
  state: Readonly<NaiveState>,
  { owner, id, prefix }: TokenRecord,
  { now, activeLimit, idempotency, prefixes = [prefix] }: InsertConditions,
): InsertOutcome {
  const answer = decideForToken(state, owner, idempotency, now)
  if (answer !== null) return answer
  if (state.records.some((record) => record.owner === owner && record.id === id)) return { outcome: 'id_taken' }
  const active = activeOf(state, owner, now, prefixes)
  if (activeLimit !== null && active.length >= activeLimit) return { outcome: 'limit_reached', active: active.length }
  return { outcome: 'inserted' }
}

/** An owner's tokens that count towards the limit. */
export function activeOf(
  { records }: Readonly<NaiveState>,
  owner: string,
  now: number,
  prefixes: readonly string[],
): readonly TokenRecord[] {
  return records.filter(
    (record) =>
      record.owner === owner &&
      prefixes.includes(record.prefix) &&
      record.revokedAt === null &&
      record.rotatedTo === null &&
      [record.expiresAt, record.expiryCeiling].every((end) => end === null || now < end),
  )
}

/** Keeps a record decided to be inserted. */
export function keepInserted(state: NaiveState, record: TokenRecord, { idempotency, sealed }: InsertConditions): void {
  state.records = [...state.records, record]
  keepRequest(state, record.owner, idempotency, madeToken(record, sealed))
}
