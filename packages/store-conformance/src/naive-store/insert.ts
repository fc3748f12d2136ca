import type { InsertConditions, InsertOutcome, TokenRecord } from '@tessera/core'
import type { NaiveState } from './state.ts'

/** What becomes of an insert. */
export function decideInsert(
  { records, requests }: Readonly<NaiveState>,
  { owner, id }: TokenRecord,
  { now, activeLimit, idempotency }: InsertConditions,
): InsertOutcome {
  const request = requests.find(
    (kept) => kept.record.owner === owner && kept.key === idempotency?.key && now < kept.expiresAt,
  )
  if (request !== undefined) {
    if (request.fingerprint !== idempotency?.fingerprint) return { outcome: 'idempotency_conflict' }
    return { outcome: 'replayed', record: request.record }
  }
  const own = records.filter((record) => record.owner === owner)
  if (own.some((record) => record.id === id)) return { outcome: 'id_taken' }
  const active = own.filter(({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || now < expiresAt))
  if (activeLimit !== null && active.length >= activeLimit) return { outcome: 'limit_reached', active: active.length }
  return { outcome: 'inserted' }
}

/** Keeps what was decided to be inserted. A request goes before those whose key it takes over. */
export function keepInserted(state: NaiveState, record: TokenRecord, { idempotency }: InsertConditions): void {
  state.records = [...state.records, record]
  if (idempotency !== null) state.requests = [{ ...idempotency, record }, ...state.requests]
}
