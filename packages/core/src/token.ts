/**
 * A token as stores keep it. Every instant is in epoch milliseconds. Records are never written to: a change makes a new
 * record, so one may be handed out and kept.
 */
export interface TokenRecord {
  /** The public handle; it never authenticates. */
  readonly id: string
  /** The account, workspace or organization that the token belongs to. */
  readonly owner: string
  readonly digest: string
  readonly preview: string
  readonly name: string
  readonly scopes: readonly string[]
  /** Who issued it, in the app's own words, e.g. an e-mail address. */
  readonly createdBy: string | null
  /** The app's own facts about the token, set at issue. */
  readonly attributes: TokenAttributes
  readonly createdAt: number
  /** The last time it was suspended, resumed or revoked; use does not count. */
  readonly updatedAt: number
  /** Exclusive: at this instant the token is expired. */
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
  readonly suspendedAt: number | null
  readonly revokedAt: number | null
}

export type TokenAttributes = Readonly<Record<string, string>>

/** Where several hold, the first of revoked, expired, suspended, active counts. */
export type TokenStatus = 'active' | 'suspended' | 'expired' | 'revoked'

/** A token as callers see it: the record without its digest, with its status at the time of reading. */
export interface Token {
  readonly id: string
  readonly owner: string
  readonly preview: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly status: TokenStatus
  readonly createdBy: string | null
  readonly attributes: TokenAttributes
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
  readonly suspendedAt: Date | null
  readonly revokedAt: Date | null
}

/** The status at `now`, derived: nothing is written when the clock passes `expiresAt`. */
export function statusOf(record: TokenRecord, now: number): TokenStatus {
  if (record.revokedAt !== null) return 'revoked'
  if (record.expiresAt !== null && now >= record.expiresAt) return 'expired'
  return record.suspendedAt === null ? 'active' : 'suspended'
}

/** The status that does not depend on the clock: what the token would be without its expiry. */
export function storedStatusOf(
  times: Pick<TokenRecord | Token, 'revokedAt' | 'suspendedAt'>,
): Exclude<TokenStatus, 'expired'> {
  if (times.revokedAt !== null) return 'revoked'
  return times.suspendedAt === null ? 'active' : 'suspended'
}

/** What a caller gets of a record. It shares nothing with the record, which a store or a cache may hold on to. */
export function toToken(record: TokenRecord, now: number): Token {
  return {
    id: record.id,
    owner: record.owner,
    preview: record.preview,
    name: record.name,
    scopes: [...record.scopes],
    status: statusOf(record, now),
    createdBy: record.createdBy,
    attributes: { ...record.attributes },
    createdAt: new Date(record.createdAt),
    updatedAt: new Date(record.updatedAt),
    expiresAt: toDate(record.expiresAt),
    lastUsedAt: toDate(record.lastUsedAt),
    suspendedAt: toDate(record.suspendedAt),
    revokedAt: toDate(record.revokedAt),
  }
}

function toDate(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant)
}
