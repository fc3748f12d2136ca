import { endOf } from '../token/token.ts'
import type { TokenRecord } from '../token/token.ts'

export interface TokenUse {
  readonly owner: string
  readonly id: string
  readonly at: number
  /** The expiry by this use; left out if it does not extend the token. */
  readonly extendTo?: number | undefined
}

/**
 * The record after a use: the later `lastUsedAt` stays, and the later expiry, at the ceiling of its line at the latest. A
 * use extends a token only if it has an expiry that nobody asked for, is not revoked, and had not ended by then, see
 * `endOf`. So a use never shortens a life, gives none back, and undoes no edit made since.
 */
export function used(record: TokenRecord, { at, extendTo }: Pick<TokenUse, 'at' | 'extendTo'>): TokenRecord {
  const lastUsedAt = record.lastUsedAt === null ? at : Math.max(record.lastUsedAt, at)
  const expiresAt = extendedBy(record, at, extendTo)
  if (lastUsedAt === record.lastUsedAt && expiresAt === record.expiresAt) return record
  return { ...record, lastUsedAt, expiresAt }
}

function extendedBy(record: TokenRecord, at: number, extendTo: number | undefined): TokenRecord['expiresAt'] {
  const { expiresAt, expiryCeiling, fixedExpiry, revokedAt } = record
  if (extendTo === undefined || expiresAt === null || fixedExpiry || revokedAt !== null) return expiresAt
  if (at >= endOf(record)) return expiresAt
  return Math.max(expiresAt, Math.min(extendTo, expiryCeiling ?? Number.POSITIVE_INFINITY))
}
