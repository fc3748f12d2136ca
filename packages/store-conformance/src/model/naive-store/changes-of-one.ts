import { asOf, covers } from '@tessera/core'
import type { Change, Edit, InsufficientScope, Revocation, TokenRecord, TokenUse } from '@tessera/core'

/** The facts set by a change, none if it changes nothing; or the reason against it. */
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

export function factsOfEdit(record: TokenRecord, edit: Edit): Facts | InsufficientScope {
  const { at, name, narrowOnly, ceilings, rules } = edit
  if (asOf(record, at).revokedAt !== null) return 'not_allowed'
  const next = { name: name ?? record.name, scopes: edit.scopes ?? record.scopes }
  const added = next.scopes.filter((scope) => !covers(record.scopes, [scope], rules))
  const above = added.filter((scope) =>
    ceilings.some(({ scopes }) => scopes !== null && !covers(scopes, [scope], rules)),
  )
  const refused = (scopes: readonly string[], lackedBy: 'token' | 'giver') =>
    ({ outcome: 'insufficient_scope', scopes, lackedBy }) as const
  if (narrowOnly && added.length > 0) return refused(added, 'token')
  if (above.length > 0) return refused(above, 'giver')
  if (next.name === record.name && JSON.stringify(next.scopes) === JSON.stringify(record.scopes)) return {}
  return { ...next, updatedAt: Math.max(at, record.updatedAt) }
}

export function factsOfUse(record: TokenRecord, { at, extendTo = -1 }: TokenUse): Partial<TokenRecord> {
  const { revokedAt, expiresAt, expiryCeiling, fixedExpiry, lastUsedAt } = asOf(record, at)
  const ceiling = expiryCeiling ?? Infinity
  const slides = revokedAt === null && !fixedExpiry && expiresAt !== null && at < Math.min(expiresAt, ceiling)
  return {
    lastUsedAt: lastUsedAt === null ? at : Math.max(lastUsedAt, at),
    expiresAt: slides && extendTo > expiresAt && ceiling > expiresAt ? Math.min(extendTo, ceiling) : expiresAt,
  }
}
