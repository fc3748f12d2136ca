import { asOf } from '@tessera/core'
import type { Change, Edit, Revocation, TokenRecord, TokenUse } from '@tessera/core'

/** The facts about a token that a change sets, none of them where it changes nothing; or why it must not be made. */
export type Facts = Partial<TokenRecord> | 'not_allowed' | 'outdated'

export function factsOfRevoke(record: TokenRecord, { at, reason }: Pick<Revocation, 'at' | 'reason'>): Facts {
  if (record.revokedAt !== null) return {}
  const byClock = asOf(record, at)
  if (byClock.revokedAt !== null) return byClock
  return { revokedAt: at, revokedReason: reason, updatedAt: at, sealedSuccessor: null }
}

export function factsOfSuspend(record: TokenRecord, { at }: Change): Facts {
  if (asOf(record, at).revokedAt !== null) return 'not_allowed'
  const updatedAt = Math.max(at, record.updatedAt)
  if (record.suspendedAt === null) return { suspendedAt: at, updatedAt }
  return updatedAt === record.updatedAt ? {} : { updatedAt }
}

export function factsOfResume(record: TokenRecord, { at }: Change): Facts {
  if (asOf(record, at).revokedAt !== null) return 'not_allowed'
  if (record.suspendedAt === null) return {}
  return at < record.updatedAt ? 'outdated' : { suspendedAt: null, updatedAt: at }
}

export function factsOfEdit(record: TokenRecord, { at, name, scopes }: Edit): Facts {
  if (asOf(record, at).revokedAt !== null) return 'not_allowed'
  const before = JSON.stringify(record.scopes)
  const next = { name: name ?? record.name, scopes: scopes?.to ?? record.scopes }
  if (next.name === record.name && JSON.stringify(next.scopes) === before) return {}
  if (scopes !== null && JSON.stringify(scopes.from) !== before) return 'outdated'
  return { ...next, updatedAt: Math.max(at, record.updatedAt) }
}

export function factsOfUse(record: TokenRecord, { at, extendTo = -1 }: TokenUse): Partial<TokenRecord> {
  const { revokedAt, expiresAt, lastUsedAt } = asOf(record, at)
  const isLive = revokedAt === null && expiresAt !== null && at < expiresAt
  return {
    lastUsedAt: lastUsedAt === null ? at : Math.max(lastUsedAt, at),
    expiresAt: isLive ? Math.max(expiresAt, extendTo) : expiresAt,
  }
}
