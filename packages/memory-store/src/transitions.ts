import type { TokenRecord } from '@tessera/core'

// Each answers with the record itself where the intention changes nothing.

export function revoked(record: TokenRecord, at: number): TokenRecord {
  return record.revokedAt === null ? { ...record, revokedAt: at, updatedAt: at } : record
}

export function suspended(record: TokenRecord, at: number): TokenRecord {
  if (record.revokedAt !== null || record.suspendedAt !== null) return record
  return { ...record, suspendedAt: at, updatedAt: at }
}

export function resumed(record: TokenRecord, at: number): TokenRecord {
  if (record.revokedAt !== null || record.suspendedAt === null) return record
  return { ...record, suspendedAt: null, updatedAt: at }
}

export function used(record: TokenRecord, at: number): TokenRecord {
  return record.lastUsedAt === null || at > record.lastUsedAt ? { ...record, lastUsedAt: at } : record
}

/** Whether the token was revoked, or had expired, before an instant. */
export function hadEnded(record: TokenRecord, before: number): boolean {
  return (record.revokedAt ?? before) < before || (record.expiresAt ?? before) < before
}
