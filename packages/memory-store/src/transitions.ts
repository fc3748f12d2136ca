import { asOf, endOf, isPendingSuccessor } from '@tessera/core'
import type { BulkRevocation, Change, Edit, RevocationReason, Rotation, TokenRecord, TokenUse } from '@tessera/core'

/** What an intention makes of a record: the same record where it changes nothing, `null` where it may not. */
export type Transition<Wish = Change> = (record: TokenRecord, wish: Wish) => TokenRecord | 'not_allowed' | 'outdated'

/** Revokes at `at`, or at the end of an overlap that is over by then. */
export function revoked(
  record: TokenRecord,
  { at, reason }: { readonly at: number; readonly reason: RevocationReason },
): TokenRecord {
  const standing = asOf(record, at)
  if (standing.revokedAt !== null) return standing
  return { ...record, revokedAt: at, revokedReason: reason, updatedAt: at, sealedSuccessor: null }
}

/** Whether a bulk revocation means a token. */
export function isMeant(
  record: TokenRecord,
  { exceptId, issuedBefore, scope, lastUsedBefore }: BulkRevocation,
): boolean {
  if (record.revokedAt !== null || record.id === exceptId) return false
  if (issuedBefore !== null && record.createdAt >= issuedBefore) return false
  if (lastUsedBefore !== undefined && (record.lastUsedAt ?? record.createdAt) >= lastUsedBefore) return false
  return scope === null || record.scopes.includes(scope)
}

export const suspended: Transition = (record, { at }) => {
  if (isRevoked(record, at)) return 'not_allowed'
  if (record.suspendedAt !== null && record.updatedAt >= at) return record
  return { ...record, suspendedAt: record.suspendedAt ?? at, updatedAt: Math.max(record.updatedAt, at) }
}

export const resumed: Transition = (record, { at }) => {
  if (isRevoked(record, at)) return 'not_allowed'
  if (record.suspendedAt === null) return record
  return record.updatedAt > at ? 'outdated' : { ...record, suspendedAt: null, updatedAt: at }
}

export const edited: Transition<Edit> = (record, { at, name, scopes }) => {
  if (isRevoked(record, at)) return 'not_allowed'
  const [toName, toScopes] = [name ?? record.name, scopes?.to ?? record.scopes]
  if (toName === record.name && isSameList(toScopes, record.scopes)) return record
  if (scopes !== null && !isSameList(record.scopes, scopes.from)) return 'outdated'
  return { ...record, name: toName, scopes: [...toScopes], updatedAt: Math.max(record.updatedAt, at) }
}

/** The token and its successor. */
export function rotated(
  record: TokenRecord,
  { at, overlapMs, successor, sealedSuccessor }: Rotation,
): readonly [TokenRecord, TokenRecord] {
  const overlapEndsAt = Math.min(at + overlapMs, record.expiresAt ?? Number.POSITIVE_INFINITY)
  const overlapping = { ...record, rotatedTo: successor.id, overlapEndsAt, sealedSuccessor, updatedAt: at }
  const hasOverlap = overlapEndsAt > at
  return [
    hasOverlap ? overlapping : revoked(overlapping, { at, reason: 'rotated' }),
    {
      ...record,
      ...successor,
      createdAt: at,
      updatedAt: at,
      lastUsedAt: null,
      rotatedFrom: record.id,
      overlapEndsAt: hasOverlap ? overlapEndsAt : null,
    },
  ]
}

export function used(record: TokenRecord, { at, extendTo }: Pick<TokenUse, 'at' | 'extendTo'>): TokenRecord {
  const later = record.lastUsedAt === null || at > record.lastUsedAt ? { ...record, lastUsedAt: at } : record
  const { expiresAt } = record
  if (extendTo === undefined || expiresAt === null || at >= expiresAt || extendTo <= expiresAt) return later
  return isRevoked(record, at) ? later : { ...later, expiresAt: extendTo }
}

/** The record of a pending successor once its predecessor is revoked; any other as it is. */
export function completed(record: TokenRecord): TokenRecord {
  return isPendingSuccessor(record) ? { ...record, overlapEndsAt: null } : record
}

/** Whether the token was revoked, or had expired, before an instant. */
export function hadEnded(record: TokenRecord, before: number): boolean {
  return Math.min(record.revokedAt ?? before, endOf(record)) < before
}

function isRevoked(record: TokenRecord, at: number): boolean {
  return asOf(record, at).revokedAt !== null
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}
