import type { Idempotency, TokenRecord } from '@tessera/core'
import { newRevision } from './changes.ts'
import type { LoggedChange } from './changes.ts'

/** Everything that the naive store holds, in the open. */
export interface NaiveState {
  records: readonly TokenRecord[]
  requests: readonly KeptRequest[]
  changes: readonly LoggedChange[]
}

/** What an idempotent request is answered with again: a token as it was then, or how many were revoked. */
export type KeptAnswer = { readonly record: TokenRecord } | { readonly revoked: number }

export interface KeptRequest extends Idempotency {
  readonly owner: string
  readonly answer: KeptAnswer
}

export function naiveState(): NaiveState {
  return { records: [], requests: [], changes: [{ revision: newRevision(0), digest: '' }] }
}

export function isToken(owner: string, id: string): (record: TokenRecord) => boolean {
  return (record) => record.owner === owner && record.id === id
}

/** Puts a later state of the same token in the place of its record. */
export function write(state: NaiveState, record: TokenRecord): void {
  const isSame = isToken(record.owner, record.id)
  state.records = state.records.map((other) => (isSame(other) ? record : other))
}
