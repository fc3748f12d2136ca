/**
 * A token as stores keep it. Every instant is in epoch milliseconds. Records are never written to: a change makes a new
 * record, so one may be handed out and kept.
 */
export interface TokenRecord {
  /** The public handle; it never authenticates. */
  readonly id: string
  /** The account, workspace or organization of the token. */
  readonly owner: string
  readonly digest: string
  /** The prefix of its secret. It names the token's API. */
  readonly prefix: string
  readonly preview: string
  readonly name: string
  readonly scopes: readonly string[]
  /** The issuer, in the app's own words, e.g. an e-mail address. */
  readonly createdBy: string | null
  /** The app's own facts about the token, set at issue. */
  readonly attributes: TokenAttributes
  readonly createdAt: number
  /** The last time it was suspended, resumed, edited, rotated or revoked; use does not count. */
  readonly updatedAt: number
  /** Exclusive: at this instant the token is expired. */
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
  readonly suspendedAt: number | null
  readonly revokedAt: number | null
  /** Set with `revokedAt`. */
  readonly revokedReason: RevocationReason | null
  /** The id of its successor. */
  readonly rotatedTo: string | null
  /** The id of its predecessor. */
  readonly rotatedFrom: string | null
  /**
   * Exclusive: the end of the overlap, see {@link asOf}. On a rotated token, its own end. On a pending successor, the
   * end of its predecessor.
   */
  readonly overlapEndsAt: number | null
  /** Whether it is a successor that nobody has used: its first use ends all earlier tokens of its line. */
  readonly pending: boolean
  /** The successor's secret, sealed under this token's own. Never shown. */
  readonly sealedSuccessor: string | null
  /** The networks of the token, in CIDR notation; `null` for any. */
  readonly networks: readonly string[] | null
  /** The id of its maker, the token that issued it or the first of its line; `null` for a person or the app. */
  readonly issuedBy: string | null
  /** The lines of its maker, of the maker's maker and so on, the nearest first. */
  readonly makers: readonly string[]
  /** The id of the first token of its line. */
  readonly line: string
  /** The creation of the first token of its line. */
  readonly lineCreatedAt: number
  /** Exclusive: the latest end that it may ever get, by whoever made or widened it; `null` for any. */
  readonly expiryCeiling: number | null
  /** Whether its expiry was asked for. Then uses do not move it. */
  readonly fixedExpiry: boolean
}

export type TokenAttributes = Readonly<Record<string, string>>

export type RevocationReason =
  | 'requested' // by the owner or the holder
  | 'leaked' // the secret became known
  | 'rotated' // a successor took its place
  | 'expired_unused' // nobody used it for too long
  | 'administrative' // by the app's operators

export const REVOCATION_REASONS: readonly RevocationReason[] = [
  'requested',
  'leaked',
  'rotated',
  'expired_unused',
  'administrative',
]

/** If several hold, the first of revoked, expired, suspended, active counts. */
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
  readonly revokedReason: RevocationReason | null
  readonly rotatedTo: string | null
  readonly rotatedFrom: string | null
  readonly overlapEndsAt: Date | null
  readonly networks: readonly string[] | null
  /** The id of the token that issued it, or the first of its line; `null` for a person or the app. */
  readonly issuedBy: string | null
}

/**
 * The record after the work of the clock alone: a rotated token is revoked from the end of the overlap on. Nothing
 * needs to be written for this, so no crash can lose it.
 */
export function asOf(record: TokenRecord, now: number): TokenRecord {
  if (record.rotatedTo === null || record.revokedAt !== null) return record
  const { overlapEndsAt } = record
  if (overlapEndsAt === null || now < overlapEndsAt) return record
  return {
    ...record,
    revokedAt: overlapEndsAt,
    revokedReason: 'rotated',
    updatedAt: overlapEndsAt,
    sealedSuccessor: null,
  }
}

/**
 * Exclusive: the end of the token by the clock alone, in epoch milliseconds: at its expiry, at the ceiling of its line, or
 * at the end of the overlap, whichever comes first. Infinite without any. A decision about a record in memory holds no
 * longer than this.
 */
export function endOf(record: Expiring & Pick<TokenRecord, 'rotatedTo' | 'overlapEndsAt'>): number {
  const { rotatedTo, overlapEndsAt } = record
  const expiry = expiryIn(record)
  return rotatedTo === null || overlapEndsAt === null ? expiry : Math.min(expiry, overlapEndsAt)
}

type Expiring = Pick<TokenRecord, 'expiresAt' | 'expiryCeiling'>

/** Exclusive: the expiry of a record, and the ceiling of its line at the latest; infinite without either. */
export function expiryIn({ expiresAt, expiryCeiling }: Expiring): number {
  return Math.min(expiresAt ?? Number.POSITIVE_INFINITY, expiryCeiling ?? Number.POSITIVE_INFINITY)
}

/** The status at `now`, derived: nothing is written as the clock passes `expiresAt`. */
export function statusOf(record: TokenRecord, now: number): TokenStatus {
  if (record.revokedAt !== null) return 'revoked'
  if (record.rotatedTo !== null && asOf(record, now).revokedAt !== null) return 'revoked'
  if (now >= expiryIn(record)) return 'expired'
  return record.suspendedAt === null ? 'active' : 'suspended'
}

/** The written status: without regard to the expiry. For a record, see {@link asOf}. */
export function storedStatusOf(
  times: Pick<TokenRecord | Token, 'revokedAt' | 'suspendedAt'>,
): Exclude<TokenStatus, 'expired'> {
  if (times.revokedAt !== null) return 'revoked'
  return times.suspendedAt === null ? 'active' : 'suspended'
}

/** The caller's view of a record. It shares nothing writable with the record, which a store or a cache may keep. */
export function toToken(kept: TokenRecord, now: number): Token {
  const record = asOf(kept, now)
  const { scopes } = record
  const createdAt = new Date(record.createdAt)
  return {
    id: record.id,
    owner: record.owner,
    preview: record.preview,
    name: record.name,
    scopes: Object.isFrozen(scopes) ? scopes : [...scopes],
    status: statusOf(record, now),
    createdBy: record.createdBy,
    attributes: { ...record.attributes },
    createdAt,
    // One for both, as most tokens are never changed: in a cache of many tokens that is a lot of memory.
    updatedAt: record.updatedAt === record.createdAt ? createdAt : new Date(record.updatedAt),
    expiresAt: toDate(finite(expiryIn(record))),
    lastUsedAt: toDate(record.lastUsedAt),
    suspendedAt: toDate(record.suspendedAt),
    revokedAt: toDate(record.revokedAt),
    revokedReason: record.revokedReason,
    rotatedTo: record.rotatedTo,
    rotatedFrom: record.rotatedFrom,
    overlapEndsAt: toDate(record.overlapEndsAt),
    networks: record.networks === null ? null : [...record.networks],
    issuedBy: record.issuedBy,
  }
}

function finite(instant: number): number | null {
  return Number.isFinite(instant) ? instant : null
}

function toDate(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant)
}
