import type { TokenRecord } from '@tessera/core'

/** What an intention makes of a record: the same record where it changes nothing. */
export type Transition = (record: TokenRecord, at: number) => TokenRecord

export const revoked: Transition = (record, at) =>
  record.revokedAt === null ? { ...record, revokedAt: at, updatedAt: at } : record

export const suspended: Transition = (record, at) =>
  record.revokedAt === null && record.suspendedAt === null ? { ...record, suspendedAt: at, updatedAt: at } : record

export const resumed: Transition = (record, at) =>
  record.revokedAt === null && record.suspendedAt !== null ? { ...record, suspendedAt: null, updatedAt: at } : record

export const used: Transition = (record, at) =>
  record.lastUsedAt === null || at > record.lastUsedAt ? { ...record, lastUsedAt: at } : record

/** Whether the token was revoked, or had expired, before an instant. */
export function hadEnded(record: TokenRecord, before: number): boolean {
  return (record.revokedAt ?? before) < before || (record.expiresAt ?? before) < before
}
