import { randomUUID } from 'node:crypto'
import type { Idempotency, TokenRecord } from '@tessera/core'

/** All data of the naive store, in the open. */
export interface NaiveState {
  records: readonly TokenRecord[]
  requests: readonly KeptRequest[]
  changes: readonly LoggedChange[]
}

/**
 * The answer kept for an idempotent request: a token as it was then, with its sealed secret if there is one, or the number of
 * revoked ones.
 */
export type KeptAnswer =
  | { readonly record: TokenRecord; readonly sealed?: string | undefined }
  | { readonly revoked: number }

export interface KeptRequest extends Idempotency {
  readonly owner: string
  readonly answer: KeptAnswer
}

/** A revision, and its cause: the change of a digest, or of any token of an owner. */
export type LoggedChange = { readonly revision: string } & ({ readonly digest: string } | { readonly owner: string })

export function naiveState(): NaiveState {
  return { records: [], requests: [], changes: [{ revision: newRevision(0), digest: '' }] }
}

export function newRevision(count: number): string {
  return `${count}-${randomUUID()}`
}

export function isToken(owner: string, id: string): (record: TokenRecord) => boolean {
  return (record) => record.owner === owner && record.id === id
}

/** Puts a later state of the same token in the place of its record. */
export function write(state: NaiveState, record: TokenRecord): void {
  const isSame = isToken(record.owner, record.id)
  state.records = state.records.map((other) => (isSame(other) ? record : other))
}
