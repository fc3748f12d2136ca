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
 * The record after a use: the later `lastUsedAt` stays, and the later expiry. A use extends a token only if it has an
 * expiry, is not revoked, and had not ended by then, see `endOf`. So a use never shortens a life, and gives none back.
 */
export function used(record: TokenRecord, { at, extendTo }: Pick<TokenUse, 'at' | 'extendTo'>): TokenRecord {
  const lastUsedAt = record.lastUsedAt === null ? at : Math.max(record.lastUsedAt, at)
  const expiresAt = extendedBy(record, at, extendTo)
  if (lastUsedAt === record.lastUsedAt && expiresAt === record.expiresAt) return record
  return { ...record, lastUsedAt, expiresAt }
}

function extendedBy(record: TokenRecord, at: number, extendTo: number | undefined): TokenRecord['expiresAt'] {
  const { expiresAt, revokedAt } = record
  if (extendTo === undefined || expiresAt === null || revokedAt !== null || at >= endOf(record)) return expiresAt
  return Math.max(expiresAt, extendTo)
}
